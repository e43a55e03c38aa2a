//! Words that say little by themselves. They count a little, and are never left out: `not` matters.

/// The stop words of a language, sorted, without diacritics and apostrophes.
pub fn of(primary: &str) -> &'static [&'static str] {
    match primary {
        "de" => GERMAN,
        "en" => ENGLISH,
        "es" => SPANISH,
        "fr" => FRENCH,
        "nl" => DUTCH,
        _ => &[],
    }
}

#[rustfmt::skip]
const DUTCH: &[&str] = &[
    "aan", "al", "alle", "als", "bij", "dan", "dat", "de", "der", "deze", "die", "dit", "doch", "door", "een",
    "en", "er", "ge", "geen", "had", "heb", "hebben", "heeft", "hem", "het", "hier", "hij", "hoe", "hun",
    "ik", "in", "is", "ja", "je", "kan", "kun", "kunnen", "maar", "me", "mee", "meer", "men", "met", "mij",
    "mijn", "na", "naar", "niet", "nog", "nu", "of", "om", "omdat", "onder", "ons", "onze", "ook", "op",
    "over", "te", "tegen", "toch", "toen", "tot", "u", "uit", "uw", "van", "veel", "voor", "waar", "waarom",
    "wanneer", "waren", "was", "wat", "we", "wel", "werd", "wie", "wij", "wil", "worden", "wordt", "zal",
    "ze", "zich", "zij", "zijn", "zo", "zonder", "zou",
];

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "after", "again", "all", "am", "an", "and", "any", "are", "arent", "as", "at", "be",
    "because", "been", "before", "being", "both", "but", "by", "can", "cant", "could", "did", "didnt", "do",
    "does", "doesnt", "doing", "dont", "down", "during", "each", "few", "for", "from", "further", "had",
    "has", "have", "having", "he", "hello", "her", "here", "hers", "hey", "hi", "him", "his", "how", "i",
    "if", "im", "in", "into", "is", "isnt", "it", "its", "ive", "just", "me", "might", "more", "most", "must",
    "my", "no", "not", "now", "of", "off", "on", "once", "only", "or", "other", "our", "ours", "out", "over",
    "own", "please", "same", "shall", "she", "should", "so", "some", "such", "than", "thank", "thanks",
    "that", "thats", "the", "their", "theirs", "them", "then", "there", "these", "they", "this", "those",
    "through", "to", "too", "under", "until", "up", "us", "very", "was", "wasnt", "we", "were", "what",
    "whats", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "wont",
    "would", "you", "your", "yours",
];

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "a", "ai", "alors", "au", "aussi", "aux", "avec", "c", "ca", "ce", "ces", "cet", "cette", "comment", "d",
    "dans", "de", "des", "donc", "du", "elle", "elles", "en", "encore", "es", "est", "et", "ete", "etre",
    "eu", "eux", "faire", "fait", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "m",
    "ma", "mais", "me", "meme", "mes", "moi", "mon", "n", "ne", "nos", "notre", "nous", "on", "ont", "ou",
    "par", "pas", "peut", "plus", "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle", "qui", "quoi",
    "s", "sa", "sans", "se", "ses", "si", "son", "sont", "suis", "sur", "t", "ta", "te", "tes", "toi", "ton",
    "tous", "tout", "tu", "un", "une", "va", "vos", "votre", "vous", "y",
];

#[rustfmt::skip]
const GERMAN: &[&str] = &[
    "aber", "alle", "als", "also", "am", "an", "auch", "auf", "aus", "bei", "bin", "bis", "bist", "da",
    "damit", "dann", "das", "dass", "dein", "dem", "den", "der", "des", "dich", "die", "dies", "diese",
    "diesem", "diesen", "dieser", "dieses", "dir", "doch", "dort", "du", "durch", "ein", "eine", "einem",
    "einen", "einer", "eines", "er", "es", "euch", "euer", "fur", "hab", "habe", "haben", "hast", "hat",
    "hatte", "ich", "ihm", "ihn", "ihnen", "ihr", "im", "in", "ist", "ja", "jede", "jeder", "kann", "kannst",
    "kein", "keine", "man", "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir", "mit", "muss",
    "nach", "nicht", "noch", "nun", "nur", "ob", "oder", "ohne", "sehr", "sein", "seine", "sich", "sie",
    "sind", "so", "soll", "uber", "um", "und", "uns", "unser", "unter", "vom", "von", "vor", "wann", "war",
    "waren", "warum", "was", "weil", "wenn", "wer", "werden", "wie", "wieso", "will", "wir", "wird", "wo",
    "wurde", "zu", "zum", "zur",
];

#[rustfmt::skip]
const SPANISH: &[&str] = &[
    "a", "al", "algo", "como", "con", "cual", "cuando", "de", "del", "desde", "donde", "el", "ella", "ellas",
    "ellos", "en", "entre", "era", "es", "esa", "ese", "eso", "esta", "estan", "estas", "este", "esto",
    "estos", "estoy", "fue", "ha", "hace", "han", "hasta", "hay", "he", "la", "las", "le", "les", "lo", "los",
    "mas", "me", "mi", "mis", "muy", "nada", "ni", "no", "nos", "nosotros", "o", "os", "otra", "otro", "para",
    "pero", "por", "porque", "puede", "puedo", "que", "quien", "se", "ser", "si", "sin", "sobre", "son",
    "soy", "su", "sus", "tambien", "te", "tengo", "tiene", "tienen", "todo", "todos", "tu", "tus", "un",
    "una", "uno", "y", "ya", "yo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_can_be_searched() {
        for list in [DUTCH, ENGLISH, FRENCH, GERMAN, SPANISH] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
            assert!(list.iter().all(|word| super::super::text::fold(word) == *word), "{list:?}");
            let is_short = |word: &&str| super::super::short::Short::of(word, 0..word.len()).is_some();
            assert!(list.iter().all(is_short), "{list:?}");
        }
    }
}
