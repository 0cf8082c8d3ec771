//! Text and forms of an HTML page, by a tokenizer that follows the HTML standard.

use axum::http::Method;
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use url::Url;

use super::form::{Button, Form};

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    // Scripts and styles contain text, not tags.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).map(|token| match token {
        Ok(token) => token,
        Err(error) => match error {},
    })
}

pub(super) fn text(html: &str) -> String {
    let mut text = String::new();
    let mut is_hidden = false;
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => {
                is_hidden = is_code(&tag.name) && !tag.self_closing;
                text.push_str(gap(&tag.name));
            }
            Token::EndTag(tag) => {
                is_hidden = false;
                text.push_str(gap(&tag.name));
            }
            Token::String(string) if !is_hidden => text.push_str(&String::from_utf8_lossy(&string)),
            _ => {}
        }
    }
    in_one_line(&text)
}

fn is_code(tag: &[u8]) -> bool {
    matches!(tag, b"script" | b"style")
}

/// Inline elements do not separate words; all others do.
fn gap(tag: &[u8]) -> &'static str {
    match tag {
        b"a" | b"abbr" | b"b" | b"cite" | b"code" | b"em" | b"i" | b"kbd" | b"mark" | b"q" | b"s" | b"small"
        | b"span" | b"strong" | b"sub" | b"sup" | b"time" | b"u" | b"var" | b"wbr" => "",
        _ => " ",
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The forms of a page at `url`.
pub(super) fn forms(html: &str, url: &Url) -> Vec<Form> {
    let mut reader = FormReader::default();
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => reader.open(&tag, url),
            Token::EndTag(tag) => reader.close(&tag.name),
            Token::String(string) => reader.text.push_str(&String::from_utf8_lossy(&string)),
            _ => {}
        }
    }
    reader.forms
}

#[derive(Default)]
struct FormReader {
    forms: Vec<Form>,
    is_in_form: bool,
    /// The text since the last start tag of a button, a text area or an option.
    text: String,
    select: Option<Select>,
    button: Option<Button>,
    /// The name of the open text area.
    text_area: Option<String>,
}

/// An open `select`: its first option is chosen unless another is marked.
struct Select {
    name: String,
    chosen: Option<String>,
    is_marked: bool,
    /// Whether the open option has no `value`, so that its text counts.
    takes_text: bool,
}

impl FormReader {
    fn open(&mut self, tag: &StartTag<()>, url: &Url) {
        match tag.name.as_slice() {
            b"form" => {
                let action = attribute(tag, "action").filter(|action| !action.is_empty());
                let action = action.and_then(|action| url.join(&action).ok());
                let is_post = attribute(tag, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
                self.forms.push(Form {
                    action: action.unwrap_or_else(|| url.clone()),
                    method: if is_post { Method::POST } else { Method::GET },
                    fields: Vec::new(),
                    buttons: Vec::new(),
                });
                self.is_in_form = true;
            }
            b"input" => self.input(tag),
            b"button" => {
                self.text.clear();
                let submits = attribute(tag, "type").is_none_or(|kind| kind.eq_ignore_ascii_case("submit"));
                self.button = submits.then(|| Button {
                    name: attribute(tag, "name"),
                    value: attribute(tag, "value").unwrap_or_default(),
                    text: String::new(),
                });
            }
            b"textarea" => {
                self.text.clear();
                self.text_area = attribute(tag, "name");
            }
            b"select" => {
                self.select = attribute(tag, "name").map(|name| Select {
                    name,
                    chosen: None,
                    is_marked: false,
                    takes_text: false,
                });
            }
            b"option" => {
                self.text.clear();
                if let Some(select) = &mut self.select {
                    let is_marked = attribute(tag, "selected").is_some();
                    select.takes_text = false;
                    if is_marked || select.chosen.is_none() && !select.is_marked {
                        let value = attribute(tag, "value");
                        select.takes_text = value.is_none();
                        select.chosen = Some(value.unwrap_or_default());
                        select.is_marked = is_marked;
                    }
                }
            }
            _ => {}
        }
    }

    fn input(&mut self, tag: &StartTag<()>) {
        let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let (name, value) = (attribute(tag, "name"), attribute(tag, "value"));
        match kind.as_str() {
            "submit" | "image" => {
                let value = value.unwrap_or_default();
                let text = value.clone();
                self.add_button(Button { name, value, text });
            }
            "button" | "reset" | "file" => {}
            "checkbox" | "radio" if attribute(tag, "checked").is_none() => {}
            "checkbox" | "radio" => self.add(name, value.unwrap_or_else(|| "on".to_owned())),
            _ => self.add(name, value.unwrap_or_default()),
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"form" => self.is_in_form = false,
            b"button" => {
                if let Some(button) = self.button.take() {
                    let text = in_one_line(&self.text);
                    self.add_button(Button { text, ..button });
                }
            }
            b"textarea" => {
                let name = self.text_area.take();
                let text = self.text.strip_prefix('\n').unwrap_or(&self.text).to_owned();
                self.add(name, text);
            }
            b"option" => {
                if let Some(select) = &mut self.select
                    && select.takes_text
                {
                    select.chosen = Some(in_one_line(&self.text));
                    select.takes_text = false;
                }
            }
            b"select" => {
                if let Some(Select { name, chosen, .. }) = self.select.take()
                    && let Some(value) = chosen
                {
                    self.add(Some(name), value);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, name: Option<String>, value: String) {
        if let (Some(form), Some(name)) = (self.current(), name) {
            form.fields.push((name, value));
        }
    }

    fn add_button(&mut self, button: Button) {
        if let Some(form) = self.current() {
            form.buttons.push(button);
        }
    }

    fn current(&mut self) -> Option<&mut Form> {
        self.forms.last_mut().filter(|_| self.is_in_form)
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_page_has_no_tags_scripts_or_styles() {
        let page = "<!doctype html><title>Orders</title><style>p { color: red }</style>\
            <h1>Two&nbsp;<b>orders</b>:</h1><script>if (1 < 2) { document.write('<p>no</p>') }</script>\
            <ul><li>tea</li><li>milk &amp; sugar</li></ul><template><p>late</p></template>";
        assert_eq!(text(page), "Orders Two orders: tea milk & sugar late");
    }

    fn form(html: &str) -> Form {
        let url = Url::parse("http://localhost:3000/orders?page=2").unwrap();
        forms(html, &url).remove(0)
    }

    #[test]
    fn a_form_has_the_values_that_a_browser_submits() {
        let form = form(
            "<form method=post action='/save'><input type=hidden name=token value='a&amp;b'><input name=title>\
             <input type=checkbox name=gift checked><input type=checkbox name=other>\
             <textarea name=note>\ntwo\nlines</textarea>\
             <select name=size><option>small<option value=l selected>large</select>\
             <select name=colour><option>dark  red</option><option>blue</option></select>\
             <button name=action value=save>Save <b>now</b></button><button type=button name=x>No</button></form>\
             <input name=outside>",
        );
        assert_eq!(
            (form.action.as_str(), &form.method),
            ("http://localhost:3000/save", &Method::POST)
        );
        let fields: Vec<_> = form.fields().collect();
        assert_eq!(
            fields,
            [
                ("token", "a&b"),
                ("title", ""),
                ("gift", "on"),
                ("note", "two\nlines"),
                ("size", "l"),
                ("colour", "dark red"),
            ]
        );
        let pressed = form.press("Save now").with_field("title", "Tea");
        assert_eq!(
            (pressed.field("action"), pressed.field("title")),
            (Some("save"), Some("Tea"))
        );
    }

    #[test]
    fn a_form_without_action_is_sent_to_its_page_by_get() {
        let form = form("<form><input name=q value=tea></form>");
        assert_eq!((form.action.path(), &form.method), ("/orders", &Method::GET));
    }
}
