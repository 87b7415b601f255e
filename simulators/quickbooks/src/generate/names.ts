const firstWords =
  "Amber Alpine Beacon Birch Blue Bright Cedar Clear Copper Coral Crescent Delta Eagle Ember Evergreen Falcon Golden Granite Harbor Highland Indigo Iron Juniper Lakeside Maple Meadow Northern Oak Pacific Pine Prairie Quartz River Sable Silver Summit Sunrise Timber Valley Willow".split(
    " ",
  );
const secondWords =
  "Analytics Bakery Builders Catering Clinic Cycles Dental Design Electric Energy Events Farms Fitness Foods Freight Gardens Glass Hardware Homes Imports Kitchens Labs Landscaping Law Logistics Marine Media Motors Music Optical Outfitters Paper Plumbing Press Robotics Roofing Studio Supply Travel Windows".split(
    " ",
  );
const forms = ["", " Inc", " Ltd", " LLC", " GmbH", " Co", " & Sons", " Group"];
const places = "Austin Boston Denver Fresno Houston Laredo Memphis Oakland Portland Reno Salem Tucson".split(" ");
const givenNames =
  "Ada Ben Cleo Dev Eva Finn Gia Hal Ida Jon Kay Leo Mia Ned Ora Pat Quinn Rae Sol Tess Uma Vic Wren Yan Zoe".split(
    " ",
  );
const familyNames =
  "Abbott Baker Chen Diaz Evans Fischer Garcia Hughes Ito Jones Khan Lopez Meyer Nguyen Olsen Patel Quist Reyes Silva Turner Ueda Vogel Walsh Young Zeller".split(
    " ",
  );

function at(list: readonly string[], place: number): string {
  return list[place % list.length] ?? "";
}

/** The n-th made-up company: every n another name. */
export function companyName(n: number): string {
  const combinations = firstWords.length * secondWords.length * forms.length;
  // A stride that shares no factor with the number of combinations visits each once, so neighbours do not look alike.
  const place = (n * 7919) % combinations;
  const round = Math.floor(n / combinations);
  const first = at(firstWords, place);
  const second = at(secondWords, Math.floor(place / firstWords.length));
  const form = at(forms, Math.floor(place / (firstWords.length * secondWords.length)));
  return `${first} ${second}${round === 0 ? "" : ` ${round + 1}`}${form}`;
}

export function personOf(n: number): { GivenName: string; FamilyName: string } {
  return { GivenName: at(givenNames, n * 7), FamilyName: at(familyNames, Math.floor(n / 3) * 11 + n) };
}

export function placeOf(n: number): string {
  return at(places, n * 5);
}

/** One domain per made-up company; `.example` belongs to nobody (RFC 2606). */
export function domainOf(name: string): string {
  return `${name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")}.example`;
}
