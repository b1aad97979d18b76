//! The Lab and the browser's address: what is seen is in the fragment, and what is put there is shown.

use std::rc::Rc;

use flatland_engine::experiment::Experiment;

use super::{DEFAULT_EXPERIMENT, Lab, Notice};
use crate::{
    browser,
    permalink::{self, Link},
    settings::Theme,
};

impl Lab {
    /// The address that restores this very picture.
    pub fn link(&self) -> String {
        let inner = self.inner.borrow();
        let session = &inner.session;
        let link = Link {
            experiment: session.experiment().clone(),
            step: (!session.is_playing() && session.step() > 0).then_some(session.step()),
            theme: (inner.theme != Theme::System).then_some(inner.theme),
        };
        permalink::encode(&link)
    }

    /// Copies the link.
    pub fn copy_link(self: &Rc<Self>) {
        self.write_address();
        let lab = self.clone();
        browser::copy(&browser::address(), move |worked| {
            if worked {
                lab.say("Link copied. It restores this experiment, step by step, bit for bit.");
            } else {
                lab.say("This browser does not let the page copy: the link stands in the address bar, copy it there.");
            }
        });
    }

    pub(super) fn write_address(&self) {
        self.inner.borrow_mut().address_due = None;
        browser::replace_fragment(&self.link());
    }

    /// Opens the link that stands in the address now, if it is another one.
    pub fn follow_address(&self) {
        let fragment = browser::fragment();
        if fragment.trim_start_matches('#') == self.link() || fragment.is_empty() {
            return;
        }
        match permalink::decode(&fragment) {
            Ok((link, notices)) => {
                self.change(|inner| {
                    inner.replace(link.experiment);
                    inner.theme = link.theme.unwrap_or(inner.theme);
                    inner.notice = (!notices.is_empty()).then(|| Notice::info(notices.join("; ")));
                });
                self.begin(link.step);
                self.apply_theme();
            }
            Err(error) => {
                self.say_error(format!("This link cannot be opened: {error}. What you see is what was here before."));
            }
        }
    }
}

fn default_link() -> Link {
    let experiment =
        Experiment::from_json(DEFAULT_EXPERIMENT).expect("the default experiment is valid: a test says so");
    Link { experiment, step: None, theme: None }
}

pub(super) fn from_address() -> (Link, Option<Notice>) {
    let fragment = browser::fragment();
    if fragment.trim_start_matches('#').is_empty() {
        return (default_link(), None);
    }
    match permalink::decode(&fragment) {
        Ok((link, notices)) if notices.is_empty() => (link, None),
        Ok((link, notices)) => (link, Some(Notice::info(notices.join("; ")))),
        Err(error) => {
            let text = format!("This link cannot be opened: {error}. You see the default experiment instead.");
            (default_link(), Some(Notice::error(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_experiment_is_valid() {
        assert_eq!(default_link().experiment.runs.len(), 3);
    }
}
