import type { Dice } from "./dice.ts";

const heads =
  `Aldridge Bellweather Calloway Dunmore Eastgate Fairbanks Gableworth Hartnell Ivystone Jorgensen Kestrel Lockhart Merriweather
Northcott Okonkwo Pemberton Quillfeather Ravenscroft Silverline Thistledown Underhill Vanderbeek Whitcombe Xanthos Yarborough Zimmerman
Amberfield Blackthorn Cinderella Driftwood Evergreen Foxglove Glencairn Highgate Ironbridge Juniper Kingfisher Lavender Moonstone Nightingale
Oakhurst Pinecrest Quicksilver Rosewood Sunflower Timberland Upstream Violetta Wanderlust Yellowstone Zephyr Anchorage Birmingham Chesapeake
Dubrovnik Edinburgh Florentine Gibraltar Helsinki Istanbul Jakarta Kathmandu Lisbon Montevideo Nairobi Oaxaca Palermo Quebec Reykjavik Salamanca
Tallahassee Utrecht Valparaiso Wyoming Yokohama Zanzibar Abernathy Blenkinsop Cholmondeley Dombrowski Eichenberg Fitzwilliam Gutierrez
Hollingsworth Iglesias Jablonski Kowalczyk Lindqvist Mbarara Nakamura Oppenheimer Papadopoulos Quintero Rasmussen Sokolov Takahashi Umbridge
Villanueva Wojtyla Yamashita Zuberbuhler Albatross Buffalo Chinchilla Dragonfly Elephant Flamingo Gazelle Hummingbird Iguana Jackrabbit Kangaroo
Leopard Mongoose Narwhal Octopus Pelican Quokka Rhinoceros Salamander Tarantula Urchin Vulture Wolverine Yarrow Zebra Aurora Borealis Cosmos
Dynamo Eclipse Fusion Gravity Horizon Infinity Jupiter Kinetic Lunar Momentum Nebula Orbit Pulsar Quantum Radiant Stellar Tempest`.split(
    /\s+/,
  );

const trades =
  `Plumbing Bakery Architects Logistics Dental Roofing Software Catering Motors Interiors Chemicals Florists Printworks Brewery
Surveyors Upholstery Orthopedics Fisheries Joinery Pharmacy Textiles Warehousing Robotics Landscaping Photography Vineyards Ceramics Aviation
Bookshop Metalworks Nurseries Outfitters Paving Quarries Refrigeration Scaffolding Tutoring Veterinary Windmills Yachts Zoology Advertising
Biotech Carpets Drainage Electronics Furnishings Glassworks`.split(/\s+/);

/** Company names that have nothing to do with each other, each given once, in an order of this run. */
export class CompanyNames {
  readonly #left: string[];

  constructor(dice: Dice) {
    this.#left = dice.shuffled(heads.flatMap((head) => trades.map((trade) => `${head} ${trade}`)));
  }

  next(): string {
    const name = this.#left.pop();
    if (name === undefined) throw new Error("the labelled set has more cases than names");
    return name;
  }
}

/** `aldridge-plumbing`: of domains and mailboxes. */
export function slugOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]+/g, "-");
}
