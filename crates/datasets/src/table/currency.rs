//! Signs and words of currencies.

/// Signs of currencies.
const SIGNS: &str = "$¢£¤¥֏؋৲৳฿₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿＄￠￡￥￦";

/// The codes of ISO 4217, apart from words such as `ALL` and `TOP`.
const CODES: [&str; 65] = [
    "AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CRC",
    "CZK", "DKK", "DZD", "EGP", "EUR", "GBP", "GEL", "GHS", "HKD", "HRK", "HUF", "IDR", "ILS",
    "INR", "IQD", "ISK", "JOD", "JPY", "KES", "KRW", "KWD", "KZT", "LBP", "LKR", "MAD", "MXN",
    "MYR", "NGN", "NOK", "NZD", "OMR", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR",
    "SEK", "SGD", "THB", "TND", "TRY", "TWD", "UAH", "USD", "UYU", "UZS", "VND", "ZAR", "ZMW",
];

/// Other words for currencies.
const WORDS: [&str; 47] = [
    "AU$", "A$", "US$", "CA$", "C$", "R$", "NZ$", "HK$", "S$", "NT$", "Rs.", "Rs", "Fr.", "Fr",
    "fr.", "SFr.", "SFr", "sFr.", "sFr", "Sfr.", "Sfr", "kr.", "kr", "Kr.", "Kr", "Dkr.", "Dkr",
    "Euro", "euro", "EURO", "Euros", "euros", "zł", "Kč", "Ft", "Rp.", "Rp", "руб.", "руб", "грн",
    "KSh", "Ksh", "TL", "eur", "chf", "usd", "gbp",
];

/// Whether a letter is the sign of a currency.
pub(super) fn has_currency_sign(letter: char) -> bool {
    SIGNS.contains(letter)
}

/// Whether a unit is a currency.
pub(crate) fn is_currency(unit: &str) -> bool {
    let mut signs = unit.chars();
    let sign = signs.next().filter(|_| signs.next().is_none());
    sign.is_some_and(has_currency_sign) || WORDS.contains(&unit) || CODES.contains(&unit)
}

/// The length of the currency at the start of a text.
pub(super) fn currency_before(text: &str) -> Option<usize> {
    let words = WORDS.iter().chain(&CODES);
    let word = words.filter(|word| text.starts_with(**word)).map(|word| word.len()).max();
    let sign = || text.chars().next().filter(|&c| has_currency_sign(c)).map(char::len_utf8);
    word.or_else(sign)
}
