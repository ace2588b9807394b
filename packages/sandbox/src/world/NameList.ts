/**
 * Names, streets, places and products that simulated people and orders are made of.
 *
 * All e-mail addresses end in example.com, example.org or example.net; prices are in euro cents and include
 * the three around the program's minimum (39.99, 40.00 and 44.44, which is 40.00 after ten percent).
 */

export const firstNames = [
  "Anna",
  "Ben",
  "Clara",
  "David",
  "Emilia",
  "Finn",
  "Greta",
  "Hannah",
  "Ida",
  "Jonas",
  "Karla",
  "Leon",
  "Mia",
  "Noah",
  "Oskar",
  "Paula",
  "Quentin",
  "Rosa",
  "Samuel",
  "Tilda",
  "Ulrich",
  "Vera",
  "Wanda",
  "Xaver",
  "Yara",
  "Zoë",
  "Jürgen",
  "Łukasz",
  "Søren",
  "Amélie",
  "Bastian",
  "Chiara",
  "Dorothea",
  "Elif",
  "Fabian",
  "Gianni",
  "Henrik",
  "Ilse",
  "Jelena",
  "Katrin",
  "Lorenzo",
  "Maren",
  "Niklas",
  "Ottilie",
  "Pavel",
  "Renate",
  "Sanne",
  "Theo",
  "Umut",
  "Viktor",
] as const

export const lastNames = [
  "Ahrens",
  "Bauer",
  "Cremer",
  "Dietz",
  "Ebert",
  "Fischer",
  "Graf",
  "Hoffmann",
  "Isik",
  "Jansen",
  "Krüger",
  "Lindqvist",
  "Meier",
  "Nowak",
  "Olsen",
  "Petersen",
  "Quast",
  "Richter",
  "Schäfer",
  "Thoma",
  "Urban",
  "Vogel",
  "Weiß",
  "Ximénez",
  "Yilmaz",
  "Ziegler",
  "Albrecht",
  "Brandt",
  "Castelli",
  "Dubois",
  "Engel",
  "Ferrari",
  "Groß",
  "Haas",
  "Ivanova",
  "Jung",
  "Kowalski",
  "Lorenz",
  "Moser",
  "Neumann",
  "Otto",
  "Pohl",
  "Rossi",
  "Sommer",
  "Tremblay",
  "Ulmer",
  "Voss",
  "Winkler",
] as const

/** Without the letter whose capital is two letters: that would make a retyped address another address. */
export const streets = [
  "Ahornallee",
  "Birkenweg",
  "Dorfplatz",
  "Eichendamm",
  "Fährgasse",
  "Gartenweg",
  "Hafengasse",
  "Im Winkel",
  "Kastanienallee",
  "Lindenhof",
  "Marktplatz",
  "Nordring",
  "Parkallee",
  "Quellenweg",
  "Rosenweg",
  "Schlossplatz",
  "Tannenweg",
  "Uferpromenade",
  "Wiesengrund",
  "Zum Anger",
] as const

export const places = [
  { city: "Berlin", zip: "10", countryCode: "DE" },
  { city: "Hamburg", zip: "20", countryCode: "DE" },
  { city: "Köln", zip: "50", countryCode: "DE" },
  { city: "München", zip: "80", countryCode: "DE" },
  { city: "Leipzig", zip: "04", countryCode: "DE" },
  { city: "Bremen", zip: "28", countryCode: "DE" },
  { city: "Stuttgart", zip: "70", countryCode: "DE" },
  { city: "Dresden", zip: "01", countryCode: "DE" },
  { city: "Paris", zip: "75", countryCode: "FR" },
  { city: "Milano", zip: "20", countryCode: "IT" },
] as const

export const mailDomains = [
  "mail.example.com",
  "post.example.org",
  "inbox.example.net",
  "home.example.com",
  "letters.example.org",
  "web.example.net",
] as const

export const companyWords = {
  first: [
    "Bright",
    "North",
    "Clear",
    "River",
    "Stone",
    "Silver",
    "Open",
    "Field",
    "Harbour",
    "Summit",
    "Maple",
    "Iron",
  ],
  second: ["works", "line", "field", "gate", "bridge", "point", "logic", "craft", "yard", "labs", "stream", "house"],
  legal: ["GmbH", "AG", "Ltd", "B.V.", "SAS", "KG"],
} as const

export interface Product {
  readonly id: string
  readonly title: string
  readonly cents: bigint
}

export const products: ReadonlyArray<Product> = [
  ["Enamel mug", 1490n],
  ["Wool socks", 1250n],
  ["Beeswax candle", 990n],
  ["Linen tea towel", 1690n],
  ["Picnic knife", 2450n],
  ["Canvas tote", 2990n],
  ["Camp towel", 3450n],
  ["Field notebook set", 1850n],
  ["Merino beanie", 3999n],
  ["Folding lantern", 4000n],
  ["Cook's apron", 4444n],
  ["Steel bottle", 3290n],
  ["Wool blanket", 8990n],
  ["Rain shell", 12900n],
  ["Day pack", 10950n],
  ["Cast-iron pan", 7490n],
  ["Hammock", 6495n],
  ["Flannel shirt", 7900n],
  ["Trail shoes", 13990n],
  ["Thermo jug", 5780n],
].map(([title, cents], index) => ({
  id: String(8_100_000_000_000 + index * 4_096),
  title: String(title),
  cents: cents as bigint,
}))

/** Letters that survive in e-mail addresses and codes. */
export const plain = (text: string): string =>
  text
    .replace(/ß/g, "ss")
    .replace(/[łŁ]/g, "l")
    .replace(/[øØ]/g, "o")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
