//! Which form a count takes, as the Unicode CLDR has it for whole numbers.
//!
//! The names of the forms and the rules are those of the CLDR, so that scripts, which ask `Intl.PluralRules`, agree.

/// A form of a text that says a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `zero`
    Zero,
    /// `one`
    One,
    /// `two`
    Two,
    /// `few`
    Few,
    /// `many`
    Many,
    /// `other`, which every text has.
    Other,
}

impl Form {
    const ALL: [Form; 6] = [Form::Zero, Form::One, Form::Two, Form::Few, Form::Many, Form::Other];

    /// The name in message files.
    pub fn name(self) -> &'static str {
        match self {
            Form::Zero => "zero",
            Form::One => "one",
            Form::Two => "two",
            Form::Few => "few",
            Form::Many => "many",
            Form::Other => "other",
        }
    }

    /// The form that `name` names.
    pub fn from_name(name: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// How a language counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// One, and all others: English and what no rule is known of.
    One,
    /// One, whole millions, others: Spanish, Italian, Portuguese of Portugal.
    OneMillions,
    /// None or one, whole millions, others: French, Portuguese.
    LessThanTwo,
    /// One form: Japanese, Chinese and others.
    None,
    /// Six forms.
    Arabic,
    /// Russian, Ukrainian and others.
    EastSlavic,
    /// Polish.
    Polish,
    /// Czech and Slovak.
    Czech,
}

impl Rule {
    /// The rule of the language `tag`.
    pub fn of(tag: &str) -> Rule {
        match tag.split('-').next().unwrap_or_default() {
            "es" | "it" | "ca" => Rule::OneMillions,
            "pt" if tag.eq_ignore_ascii_case("pt-pt") => Rule::OneMillions,
            "fr" | "pt" => Rule::LessThanTwo,
            "id" | "ja" | "ko" | "ms" | "th" | "vi" | "zh" => Rule::None,
            "ar" => Rule::Arabic,
            "be" | "ru" | "uk" => Rule::EastSlavic,
            "pl" => Rule::Polish,
            "cs" | "sk" => Rule::Czech,
            _ => Rule::One,
        }
    }

    /// The form that `n` takes.
    pub fn form(self, n: u64) -> Form {
        let (tens, hundreds) = (n % 10, n % 100);
        let is_millions = n != 0 && n.is_multiple_of(1_000_000);
        match (self, n) {
            (Rule::LessThanTwo, 0 | 1)
            | (Rule::One | Rule::OneMillions | Rule::Arabic | Rule::Polish | Rule::Czech, 1) => Form::One,
            (Rule::OneMillions | Rule::LessThanTwo, _) if is_millions => Form::Many,
            (Rule::Arabic, 0) => Form::Zero,
            (Rule::Arabic, 2) => Form::Two,
            (Rule::Arabic, _) if (3..=10).contains(&hundreds) => Form::Few,
            (Rule::Arabic, _) if hundreds > 10 => Form::Many,
            (Rule::EastSlavic, _) if tens == 1 && hundreds != 11 => Form::One,
            (Rule::EastSlavic | Rule::Polish, _) if (2..=4).contains(&tens) && !(12..=14).contains(&hundreds) => {
                Form::Few
            }
            (Rule::EastSlavic | Rule::Polish, _) => Form::Many,
            (Rule::Czech, 2..=4) => Form::Few,
            _ => Form::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_count_as_the_cldr_has_it() {
        let forms =
            |tag: &str, counts: &[u64]| -> Vec<&str> { counts.iter().map(|n| Rule::of(tag).form(*n).name()).collect() };
        for tag in ["en", "de", "nl", "de-ch", "sv"] {
            assert_eq!(forms(tag, &[0, 1, 2, 1_000_000]), ["other", "one", "other", "other"], "{tag}");
        }
        assert_eq!(forms("es", &[0, 1, 2, 1_000_000]), ["other", "one", "other", "many"]);
        assert_eq!(forms("fr", &[0, 1, 2, 1_000_000]), ["one", "one", "other", "many"]);
        assert_eq!(forms("ja", &[0, 1, 2]), ["other", "other", "other"]);
        assert_eq!(
            forms("ar", &[0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111]),
            ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "few", "many"]
        );
        assert_eq!(forms("ru", &[1, 3, 5, 11, 12, 21, 22]), ["one", "few", "many", "many", "many", "one", "few"]);
        assert_eq!(forms("pl", &[1, 3, 5, 12, 21, 22]), ["one", "few", "many", "many", "many", "few"]);
        assert_eq!(forms("cs", &[1, 3, 5]), ["one", "few", "other"]);
    }
}
