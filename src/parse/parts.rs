//! The parts of an answer, recognised by their headings.

use super::part_names;
use super::slug::single_spaced;
use ahash::AHashMap;

/// What a part of an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// What precedes the first heading, or an answer without parts.
    Answer,
    /// What is seen.
    Symptom,
    /// Why it happens.
    Cause,
    /// What ends it.
    Resolution,
    /// What helps until then.
    Workaround,
    /// How to see that it is over.
    Verification,
    /// What it harms.
    Impact,
    /// How to find out more.
    Diagnosis,
    /// Where it happens.
    Environment,
    /// Whom to ask.
    Escalation,
    /// Background.
    Information,
    /// A section under a heading of no known kind.
    Other,
}

impl PartKind {
    /// The name in classes and in `unstick.json`.
    pub fn name(self) -> &'static str {
        match self {
            PartKind::Answer => "answer",
            PartKind::Symptom => "symptom",
            PartKind::Cause => "cause",
            PartKind::Resolution => "resolution",
            PartKind::Workaround => "workaround",
            PartKind::Verification => "verification",
            PartKind::Impact => "impact",
            PartKind::Diagnosis => "diagnosis",
            PartKind::Environment => "environment",
            PartKind::Escalation => "escalation",
            PartKind::Information => "information",
            PartKind::Other => "other",
        }
    }

    /// The kind that `name` names.
    pub fn from_name(name: &str) -> Option<PartKind> {
        BUILT_IN.iter().map(|(kind, _)| *kind).find(|kind| kind.name() == name)
    }

    /// Does a heading of this kind show that the page is an article about one problem? Background sections stand on any page.
    pub fn is_strong(self) -> bool {
        !matches!(
            self,
            PartKind::Answer | PartKind::Other | PartKind::Information | PartKind::Environment | PartKind::Escalation
        )
    }
}

const BUILT_IN: &[(PartKind, &[&str])] = &[
    (
        PartKind::Symptom,
        &[
            "symptom",
            "symptoms",
            "problem",
            "problems",
            "issue",
            "problem description",
            "issue description",
            "observed behavior",
            "error message",
            "error messages",
        ],
    ),
    (
        PartKind::Cause,
        &[
            "cause",
            "causes",
            "root cause",
            "possible cause",
            "possible causes",
            "reason",
            "reasons",
            "meaning",
            "why this issue occurs",
            "why this happens",
        ],
    ),
    (
        PartKind::Resolution,
        &[
            "resolution",
            "resolutions",
            "solution",
            "solutions",
            "fix",
            "fixes",
            "mitigation",
            "remedy",
            "how to fix",
            "how to fix it",
            "solution/workaround",
            "resolution/workaround",
            "quick resolution",
        ],
    ),
    (PartKind::Workaround, &["workaround", "workarounds", "temporary solution"]),
    (PartKind::Verification, &["verification", "verify", "how to verify", "verify the fix", "confirmation"]),
    (PartKind::Impact, &["impact", "effect", "effects", "consequences"]),
    (
        PartKind::Diagnosis,
        &["diagnosis", "diagnostics", "troubleshooting", "troubleshooting steps", "investigation", "how to diagnose"],
    ),
    (
        PartKind::Environment,
        &[
            "environment",
            "applies to",
            "affected versions",
            "affected products",
            "prerequisites",
            "system requirements",
        ],
    ),
    (
        PartKind::Escalation,
        &[
            "escalation",
            "escalate",
            "still need help",
            "need more help",
            "more help",
            "contact support",
            "did this solve your problem",
            "did this fix the problem",
        ],
    ),
    (
        PartKind::Information,
        &[
            "more information",
            "additional information",
            "summary",
            "introduction",
            "overview",
            "background",
            "details",
            "status",
            "references",
            "reference",
            "see also",
            "related articles",
            "related article",
            "related topics",
            "related content",
            "additional resources",
            "further reading",
            "notes",
        ],
    ),
];

/// The names of parts: the built-in ones and those of the site.
#[derive(Debug, Clone)]
pub struct PartNames {
    names: AHashMap<String, PartKind>,
}

/// A heading that names a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartHeading {
    /// What the part says.
    pub kind: PartKind,
    /// The number in `Cause 2`.
    pub number: Option<u32>,
}

impl PartNames {
    /// The built-in names, of all languages, and `more`, which win.
    pub fn with<'a>(more: impl IntoIterator<Item = (PartKind, &'a str)>) -> PartNames {
        let built_in =
            BUILT_IN.iter().chain(part_names::NAMES).flat_map(|(kind, names)| names.iter().map(|name| (*kind, *name)));
        PartNames { names: built_in.chain(more).map(|(kind, name)| (normal(name), kind)).collect() }
    }

    /// The part that `heading`, whose words are one space apart, names: a known name, alone or followed by a number, by a colon
    /// or dash and more words.
    pub fn find(&self, heading: &str) -> Option<PartHeading> {
        let text = heading.to_lowercase();
        let text = text.trim_end_matches(['?', ':', '.', '!', '？', '：', '。', '！', '؟']).trim_end();
        if let Some(kind) = self.names.get(text) {
            return Some(PartHeading { kind: *kind, number: None });
        }
        if let Some(kind) = text.strip_prefix("still need help").map(|_| PartKind::Escalation) {
            return Some(PartHeading { kind, number: None });
        }
        let head =
            text.find([':', '：', '–', '—']).or_else(|| text.find(" - ")).map_or(text, |at| text[..at].trim_end());
        let (name, number) = numbered(head);
        let kind = self.names.get(name)?;
        Some(PartHeading { kind: *kind, number })
    }
}

/// `cause 2` as `cause` and 2. Japanese needs no space between them, and digits may be those of Japanese or Arabic.
fn numbered(head: &str) -> (&str, Option<u32>) {
    let name = head.trim_end_matches(|c| digit(c).is_some());
    let number = head[name.len()..].chars().try_fold(0u32, |number, c| number.checked_mul(10)?.checked_add(digit(c)?));
    let stem = name.trim_end_matches('#').trim_end();
    let is_apart = stem.len() < name.len() && name[stem.len()..].starts_with(' ');
    let is_joined = stem.len() == name.len() && stem.ends_with(|c| ('\u{3040}'..='\u{9FFF}').contains(&c));
    match number {
        Some(number) if name.len() < head.len() && (is_apart || is_joined) => (stem, Some(number)),
        _ => (head, None),
    }
}

/// The value of a digit: of ASCII, of full width, of Arabic.
fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        _ => return None,
    };
    Some(c as u32 - zero as u32)
}

fn normal(text: &str) -> String {
    single_spaced(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_parts_in_many_ways() {
        let names = PartNames::with([(PartKind::Cause, "Ursache")]);
        let find = |text: &str| names.find(text).map(|part| (part.kind, part.number));
        assert_eq!(find("Symptoms "), Some((PartKind::Symptom, None)));
        assert_eq!(find("PROBLEM"), Some((PartKind::Symptom, None)));
        assert_eq!(find("Cause 2"), Some((PartKind::Cause, Some(2))));
        assert_eq!(find("Cause 2: the disk is full"), Some((PartKind::Cause, Some(2))));
        assert_eq!(find("Workaround - Method 1"), Some((PartKind::Workaround, None)));
        assert_eq!(find("Ursache 1"), Some((PartKind::Cause, Some(1))));
        assert_eq!(find("Solution/Workaround"), Some((PartKind::Resolution, None)));
        assert_eq!(find("Still need help with error code 5.7.1?"), Some((PartKind::Escalation, None)));
        assert_eq!(find("Cause #3"), Some((PartKind::Cause, Some(3))));
        assert_eq!(find("Cause2"), None);
        assert_eq!(find("Cause 99999999999"), None);
        assert_eq!(find("Issues with the mail flow"), None);
        assert_eq!(find("Causes of slow disks"), None);
    }

    #[test]
    fn parts_have_names_in_all_languages_of_the_theme() {
        let names = PartNames::with([]);
        let find = |text: &str| names.find(text).map(|part| (part.kind, part.number));
        let kinds = [
            (PartKind::Symptom, ["Symptome", "Symptomen", "Síntomas", "Symptômes", "症状", "الأعراض"]),
            (PartKind::Cause, ["Ursache", "Oorzaak", "Causa", "Causes possibles", "原因", "السبب"]),
            (PartKind::Resolution, ["Lösung", "Oplossing", "Solución", "Résolution", "解決方法", "الحل"]),
            (
                PartKind::Workaround,
                [
                    "Problemumgehung",
                    "Tijdelijke oplossing",
                    "Solución alternativa",
                    "Solution de contournement",
                    "回避策",
                    "الحل البديل",
                ],
            ),
            (PartKind::Verification, ["Überprüfung", "Verificatie", "Verificación", "Vérification", "確認", "التحقق"]),
            (PartKind::Impact, ["Auswirkungen", "Gevolgen", "Impacto", "Conséquences", "影響", "التأثير"]),
            (PartKind::Diagnosis, ["Diagnose", "Onderzoek", "Diagnóstico", "Diagnostic", "診断", "التشخيص"]),
            (
                PartKind::Environment,
                ["Gilt für", "Van toepassing op", "Se aplica a", "S’applique à", "適用対象", "ينطبق على"],
            ),
            (PartKind::Escalation, ["Eskalation", "Escalatie", "Escalado", "Escalade", "エスカレーション", "التصعيد"]),
            (
                PartKind::Information,
                [
                    "Weitere Informationen",
                    "Meer informatie",
                    "Más información",
                    "Pour en savoir plus",
                    "詳細情報",
                    "مزيد من المعلومات",
                ],
            ),
        ];
        for (kind, headings) in kinds {
            for heading in headings {
                assert_eq!(find(heading), Some((kind, None)), "{heading}");
                assert_eq!(find(&format!("{heading} 2: x")), Some((kind, Some(2))), "{heading}");
            }
        }
        assert_eq!(find("原因２：ディスク"), Some((PartKind::Cause, Some(2))));
        assert_eq!(find("السبب ٣"), Some((PartKind::Cause, Some(3))));
        assert_eq!(find("Was ist die Ursache"), None);
    }

    #[test]
    fn no_name_means_two_parts() {
        let mut kinds: AHashMap<&str, PartKind> = AHashMap::new();
        for (kind, names) in BUILT_IN.iter().chain(part_names::NAMES) {
            for name in *names {
                assert_eq!(normal(name), *name);
                assert_eq!(kinds.insert(name, *kind), None, "{name} stands twice");
            }
        }
    }
}
