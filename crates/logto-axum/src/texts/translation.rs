//! The texts of one language.

use std::{borrow::Cow, fmt, time::Duration};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use super::Source;

type Bundle = FluentBundle<std::sync::Arc<FluentResource>>;

/// All texts in one language.
pub(crate) struct Translation {
    language: String,
    bundle: Bundle,
}

impl Translation {
    /// Later sources replace the messages of earlier ones.
    pub(super) fn new<'a>(source: &'a Source, fallbacks: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut bundle = Bundle::new_concurrent(vec![source.language.clone()]);
        // The marks that isolate inserted text from its direction would end up in HTML and in tests.
        bundle.set_use_isolating(false);
        for source in fallbacks.into_iter().chain([source]) {
            for resource in &source.resources {
                bundle.add_resource_overriding(resource.clone());
            }
        }
        Self {
            language: source.language.to_string(),
            bundle,
        }
    }

    /// The tag of the language, such as `de`.
    pub(crate) fn language(&self) -> &str {
        &self.language
    }

    /// Returns a text by its key, or the key itself if no language has it.
    pub(crate) fn text<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        self.find(key, None, None).unwrap_or(Cow::Borrowed(key))
    }

    /// Returns a text with one variable.
    pub(crate) fn text_with(&self, key: &str, name: &str, value: &str) -> String {
        self.text_with_all(key, [(name, value)])
    }

    /// Returns a text with several variables.
    pub(crate) fn text_with_all<'a>(
        &self,
        key: &str,
        variables: impl IntoIterator<Item = (&'a str, impl Into<FluentValue<'a>>)>,
    ) -> String {
        let args = FluentArgs::from_iter(variables);
        self.find(key, None, Some(&args)).unwrap_or_default().into_owned()
    }

    /// A sentence that says when to try again.
    pub(crate) fn try_again_in(&self, wait: Duration) -> String {
        let (key, count) = match wait.as_secs() {
            ..=1 => ("retry-in-a-second", 1),
            seconds @ ..=119 => ("retry-in-seconds", seconds),
            seconds @ ..=7199 => ("retry-in-minutes", seconds.div_ceil(60)),
            seconds => ("retry-in-hours", seconds.div_ceil(3600)),
        };
        let args = FluentArgs::from_iter([("count", count)]);
        self.find(key, None, Some(&args)).unwrap_or_default().into_owned()
    }

    /// `None` if no language has the message or its attribute.
    pub(crate) fn find<'a>(
        &'a self,
        key: &str,
        attribute: Option<&str>,
        args: Option<&'a FluentArgs<'_>>,
    ) -> Option<Cow<'a, str>> {
        let message = self.bundle.get_message(key)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        // A variable that is missing stays visible as `{$name}`.
        Some(self.bundle.format_pattern(pattern, args, &mut Vec::new()))
    }
}

impl fmt::Debug for Translation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Translation").field(&self.language).finish()
    }
}
