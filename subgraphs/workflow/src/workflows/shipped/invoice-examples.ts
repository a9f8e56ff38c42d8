/** Inputs to try invoice intake with: each batch goes another way. */
export const invoiceExamples = [
  {
    documents: [
      {
        name: 'harbour-office.txt',
        text: `Harbour Office Supplies Ltd
12 Quay Street, Bristol BS1 4RN

INVOICE
Invoice number: HOS-2026-0417
Invoice date: 2026-03-12

40 x Archive box A4             EUR 236.00
12 x Toner black                EUR 462.40
Subtotal: EUR 698.40
VAT 20 %: EUR 139.68
Total due: EUR 838.08

Please pay within 14 days.
IBAN: DE89 3704 0044 0532 0130 00   BIC: COBADEFFXXX`,
      },
    ],
  },
  {
    documents: [
      {
        name: 'nordlicht-rechnung.txt',
        text: `Nordlicht Elektro GmbH
Rechnung Nr. 2026-1182
Rechnungsdatum: 2026-03-09

Wartung der Beleuchtung, 14 Stunden
Zwischensumme: EUR 1.680,00
MwSt. 19 %: EUR 319,20
Gesamtbetrag: EUR 1.999,20
IBAN: DE02 1203 0000 0000 2020 51`,
      },
      {
        name: 'atlas-freight.txt',
        text: `From: Atlas Freight SARL
Invoice no. AF/88231
Date: 2026-03-10

Pallet transport Rotterdam - Bristol, 6 pallets
Amount due: EUR 412.50
IBAN: FR14 2004 1010 0505 0001 3M02 606`,
      },
    ],
  },
  {
    documents: [
      {
        name: 'keel-machine-works.txt',
        text: `Keel Machine Works AG
INVOICE
Invoice number: KMW-77120
Invoice date: 2026-03-11

Replacement gearbox, line 2
Grand total: EUR 18,450.00
IBAN: CH93 0076 2011 6238 5295 7`,
      },
      {
        name: 'scan-unreadable.txt',
        text: `Marlow & Sons
Thank you for your order of 3 March.
We have delivered all that you asked for; the bill follows by post.`,
      },
    ],
  },
]
