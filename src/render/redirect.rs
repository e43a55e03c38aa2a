//! Pages at former addresses that lead on, and lists of them for servers.

use crate::Site;
use crate::link::address::relative;
use crate::link::{Linked, Redirect, encode_path};
use crate::parse::html::{attribute, escape};

use super::messages::direction;

/// A page that leads to where `redirect` leads, from a disk too: at once with scripts, which take the fragment along, and
/// without.
pub fn page(site: &Site, redirect: &Redirect) -> Vec<u8> {
    let node = &site.linked.tree.nodes[redirect.node];
    let address = relative(&redirect.output, &node.output, None);
    // A script ends at `</script>`, whatever its strings say.
    let string = serde_json::Value::from(address.as_str()).to_string().replace('<', "\\u003c");
    let to = attribute(&address).into_owned();
    let canonical = match &site.sources.config.base_url {
        Some(base) => attribute(&format!("{base}{}", encode_path(node.url.trim_start_matches('/')))).into_owned(),
        None => to.clone(),
    };
    let page = node.page.and_then(|number| site.parsed.pages[number].matter.language.as_deref());
    let spoken = page.unwrap_or(&site.sources.config.language);
    let (language, direction) = (attribute(spoken).into_owned(), direction(spoken));
    let title = escape(&node.title).into_owned();
    format!(
        r#"<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width">
<script>location.replace({string} + location.search + location.hash)</script>
<meta http-equiv="refresh" content="0; url={to}">
</head>
<body>
<main><h1><a href="{to}">{title}</a></h1></main>
</body>
</html>
"#
    )
    .into_bytes()
}

/// A rule a line: `/old/ /new/ 301`.
pub fn rules(linked: &Linked) -> Vec<u8> {
    lines(linked, |from, to| format!("{from} {to} 301\n"))
}

/// For `map $uri $moved { include redirects.map; }`.
pub fn nginx(linked: &Linked) -> Vec<u8> {
    lines(linked, |from, to| format!("\"{from}\" \"{to}\";\n"))
}

fn lines(linked: &Linked, line: impl Fn(&str, &str) -> String) -> Vec<u8> {
    let lines = linked.redirects.iter().map(|redirect| {
        let to = &linked.tree.nodes[redirect.node].url;
        line(&rooted(&redirect.url), &rooted(to))
    });
    lines.collect::<String>().into_bytes()
}

/// An address of the site with everything encoded that would end it.
fn rooted(url: &str) -> String {
    format!("/{}", encode_path(url.trim_start_matches('/')))
}
