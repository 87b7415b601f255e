// The vocabulary of the sample company. Stems are made up, so that no name is anybody's; telephone numbers come from the
// range that is kept free for fiction (555-0100 to 555-0199), addresses of mail from the reserved domain `.example`.
import type { Random } from "./random.ts";

/** Words as one line of text: a list of them would be one per line. */
const list = (words: string): string[] => words.split(", ");

const openings = list(
  "Quill, Tarn, Brock, Fenn, Marl, Osk, Drav, Plin, Vesk, Holl, Emb, Thist, Corv, Lund, Zeph, Wick, Ard, " +
    "Mosk, Grell, Pell, Rusk, Sorr, Yarl, Jund",
);
const endings = list(
  "mere, brook, hurst, aby, stead, ford, vale, combe, lyn, ridge, marsh, thorpe, ower, haven, dell, ingate, " +
    "ough, esk",
);

export const trades = list(
  "Bakery, Dental Group, Logistics, Interiors, Roofing, Veterinary Clinic, Software, Brewing, Landscaping, " +
    "Optics, Print Works, Physiotherapy, Cycles, Joinery, Pharmacy, Travel, Ceramics, Robotics, Catering, " +
    "Textiles, Music School, Electrical, Farm Supply, Architects",
);

export const vendorTrades = list(
  "Paper Supply, Cloud Hosting, Freight, Office Cleaning, Tool Hire, Packaging, Insurance Brokers, Telecom, " +
    "Solar, Metals, Timber, Fasteners, Courier, Legal Services, Water Delivery, Signage",
);

const givenNames = list(
  "Amara, Bjarne, Chiyo, Dario, Elif, Finnian, Goran, Hanneke, Ines, Jovan, Kalina, Leif, Mirela, Nuria, " +
    "Oskar, Paloma, Quentin, Rasmus, Sunniva, Tadeo, Ulrike, Vesna, Wanjiru, Ximena, Yusuf, Zofia, André, Zoë, " +
    "Søren, Łucja",
);
const familyNames = list(
  "Abenrode, Brackwell, Castavino, Dunholt, Eversand, Fallowby, Grimsdal, Hartevelt, Ibarmuno, Jasperly, " +
    "Kestering, Lindqvara, Montaluz, Nordvane, Okerlund, Pettigrove, Quarrington, Rosevik, Stavinsky, " +
    "Tullamor, Ulverton, Vandermoor, Wexholm, Yarrowby, Zelenkaro, Müllerby, Peñalvo",
);

const streets = ["Juniper Hill Road", "Harbor Lane", "Old Mill Street", "Copper Way", "Third Avenue", "Larkspur Court"];
const towns = [
  { City: "Fairhollow", CountrySubDivisionCode: "CA", PostalCode: "95999" },
  { City: "Pine Crossing", CountrySubDivisionCode: "OR", PostalCode: "97998" },
  { City: "Lake Ember", CountrySubDivisionCode: "WA", PostalCode: "98997" },
  { City: "Saltmarsh", CountrySubDivisionCode: "NY", PostalCode: "10996" },
  { City: "Dry Fork", CountrySubDivisionCode: "TX", PostalCode: "79995" },
] as const;
const foreignTowns = {
  EUR: { City: "Kleinau am Stein", PostalCode: "00999", Country: "Germany" },
  GBP: { City: "Upper Tarrow", PostalCode: "ZZ99 9ZZ", Country: "United Kingdom" },
  CAD: { City: "Maple Narrows", CountrySubDivisionCode: "ON", PostalCode: "X0X 0X0", Country: "Canada" },
} as const;

export type Currency = "USD" | keyof typeof foreignTowns;

const currencyNames: Record<Currency, string> = {
  USD: "United States Dollar",
  EUR: "Euro",
  GBP: "British Pound Sterling",
  CAD: "Canadian Dollar",
};

export function currencyReference(currency: Currency): { value: Currency; name: string } {
  return { value: currency, name: currencyNames[currency] };
}

/** Every stem once, in an order of this seed's own: a client's name never resembles another's by accident. */
export function stemsOf(random: Random): string[] {
  return random.shuffled(openings.flatMap((opening) => endings.map((ending) => opening + ending)));
}

export function personOf(random: Random): { given: string; family: string } {
  return { given: random.pick(givenNames), family: random.pick(familyNames) };
}

/** `Tarnstead Music School` -> `tarnstead-music-school`. */
export function slug(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

export function phoneOf(random: Random): string {
  return `(${random.pick([415, 503, 206, 212, 713])}) 555-01${String(random.between(0, 99)).padStart(2, "0")}`;
}

/** Clients of a currency that has no towns here live where the dollars do. */
export function addressOf(random: Random, currency: string) {
  const abroad: Readonly<Record<string, (typeof foreignTowns)[keyof typeof foreignTowns]>> = foreignTowns;
  const town = abroad[currency] ?? random.pick(towns);
  const suite = random.chance(0.25) ? { Line2: `Suite ${random.between(2, 480)}` } : {};
  return { Line1: `${random.between(1, 990)} ${random.pick(streets)}`, ...suite, ...town };
}
