//! A closer look at one iterate: what is asked of the workers for the scenes that are of one, and
//! what they say.

use std::rc::Rc;

use yew::platform::spawn_local;

use super::{
    Inner, Lab,
    scenery::{LOST_MS, Scenery},
};
use crate::{
    landscape::paint::row,
    networks,
    probe::{Picture, Probe, Subject},
    protocol::{Command, Look, RunId},
    scene::{Facts, close},
    view_settings::{Line, Scene},
};

/// Between two looks at an iterate while time runs, in milliseconds.
const PROBE_MS: f64 = 100.0;
/// Between two looks, as a multiple of how long the last one took.
const LOOK_SHARE: f64 = 5.0;
/// Earlier iterates on the lens.
const EARLIER: usize = 5;

/// What a look at an iterate was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ProbeKey {
    subject: Subject,
    run: RunId,
    generation: u32,
    facts: Facts,
    has_next: bool,
}

/// What the page knows of looks.
#[derive(Default)]
pub(super) struct Looks {
    id: u32,
    /// The look under way: since when, and at what.
    probing: Option<(f64, ProbeKey)>,
    probed_at: f64,
    /// How long the last answer took, in milliseconds.
    took: f64,
    /// The last answer: what was asked, and of which iterate it is.
    pub picture: Option<(ProbeKey, Facts, Picture)>,
    /// What a worker has said of the network and its data.
    pub about: Option<Vec<f64>>,
    /// Whether the last look along a line was refused: of a network too large for it.
    is_refused: bool,
    /// Whether what the scene takes is on its way, or did not arrive.
    pub is_fetching: bool,
}

impl Looks {
    /// Forgets what was seen of another experiment, and what is on its way of it.
    pub fn forget(&mut self) {
        (self.probing, self.picture, self.about) = (None, None, None);
    }

    /// Asks again what a worker that has died may have been asked.
    pub fn ask_again(&mut self) {
        self.probing = None;
    }
}

impl Scenery {
    /// Takes a picture in, and what it is of where the worker has chosen that.
    pub fn take_picture(&mut self, id: u32, chosen: Option<Facts>, numbers: &[f64], now: f64) {
        if id == self.looks.id
            && let Some((since, key)) = self.looks.probing.take()
        {
            if key.subject == Subject::About {
                self.looks.about = Picture::from_numbers(numbers).and_then(Picture::of_network);
                return;
            }
            self.looks.took = now - since;
            self.looks.is_refused = key.subject.is_of_line() && numbers.is_empty();
            self.looks.picture =
                Picture::from_numbers(numbers).map(|picture| (key, chosen.unwrap_or(key.facts), picture));
            self.is_stale = true;
        }
    }
}

impl Inner {
    /// Has a worker look at the selected run's iterate, if the scene is of one and it is another
    /// one than before.
    pub(super) fn ask_probe(&mut self, now: f64) {
        let Some((key, point, others)) = self.wanted_probe() else { return };
        let scenery = &mut self.scenery;
        let is_busy = scenery.looks.probing.is_some_and(|(since, _)| now - since < LOST_MS);
        let is_known = scenery.looks.picture.as_ref().is_some_and(|(known, ..)| *known == key);
        // Where looking takes long it must not take all of the worker's time.
        // A film waits for its pictures.
        let rest = if self.is_filmed { 0.0 } else { PROBE_MS.max(LOOK_SHARE * scenery.looks.took) };
        if is_busy || is_known || now - scenery.looks.probed_at < rest {
            return;
        }
        let is_network = self.session.experiment().is_network();
        let scenery = &mut self.scenery;
        let Some(pool) = &mut self.pool else { return };
        scenery.looks.id += 1;
        scenery.looks.probed_at = now;
        scenery.looks.probing = Some((now, key));
        if is_network {
            let ProbeKey { subject, run, generation, facts, .. } = key;
            let look = Look { id: scenery.looks.id, run, generation, step: facts.step, subject, eta: facts.eta };
            return pool.tell(run, &Command::Look(look));
        }
        let experiment = self.session.experiment().to_json();
        let (id, subject, eta) = (scenery.looks.id, key.subject, key.facts.eta);
        pool.ask(&Command::Probe(Probe { id, experiment, subject, point, others, eta }));
    }

    fn wanted_probe(&self) -> Option<(ProbeKey, Vec<f64>, Vec<f64>)> {
        let is_network = self.is_network();
        let subject = match (self.scene(), self.view.line) {
            _ if is_network && self.scenery.looks.about.is_none() => Subject::About,
            (Scene::Lens, Line::Eigenvector) => Subject::Eigenvector,
            (Scene::Lens, Line::Descent) => Subject::Descent,
            (Scene::Segment, _) => Subject::Segment,
            (Scene::Landscape, _) if is_network => Subject::Outputs,
            (Scene::Weights, _) => Subject::Weights,
            _ => return None,
        };
        let run = self.session.runs().get(self.view.selected)?;
        let row = row(run, self.session.step());
        if is_network {
            // The worker has the iterates, and waits for nothing.
            let facts = Facts::of(run, row, 0);
            let key = ProbeKey { subject, run: run.id, generation: run.generation, facts, has_next: false };
            let is_complete = facts.eta.is_finite() || !subject.is_of_line();
            return (is_complete && !run.history.is_empty()).then_some((key, Vec::new(), Vec::new()));
        }
        let iterate = |row: usize| -> Option<Vec<f64>> {
            run.history.coordinates().iter().map(|x| x.get(row).filter(|x| x.is_finite())).collect()
        };
        let point = iterate(row).filter(|point| point.len() == self.dimension())?;
        let first = row.saturating_sub(EARLIER);
        let mut others: Vec<f64> = (first..row).filter_map(iterate).flatten().collect();
        let earlier = others.len() / point.len();
        let next = iterate(row + 1);
        let has_next = next.is_some();
        others.extend(next.into_iter().flatten());
        let facts = Facts::of(run, row, earlier);
        let is_complete = facts.eta.is_finite();
        is_complete.then_some((
            ProbeKey { subject, run: run.id, generation: run.generation, facts, has_next },
            point,
            others,
        ))
    }

    /// Whether the scene shows the step that it is to show, and no other one. What a worker has been
    /// asked for and cannot give is not waited for.
    pub(super) fn is_scene_settled(&self) -> bool {
        let Some((key, ..)) = self.wanted_probe() else { return true };
        let looks = &self.scenery.looks;
        looks.is_refused || looks.picture.as_ref().is_some_and(|(known, ..)| *known == key)
    }

    /// The last picture of an iterate.
    pub(super) fn seen_closely(&self) -> close::Seen<'_> {
        self.scenery.looks.picture.as_ref().map(|(_, facts, picture)| (*facts, picture))
    }
}

impl Lab {
    /// What a worker has said of the network and its data.
    pub fn about_network(&self) -> Option<Vec<f64>> {
        self.inner.borrow().scenery.looks.about.clone()
    }

    /// What the scene says in a sentence; the landscape says nothing.
    pub fn scene_words(&self) -> Option<String> {
        let inner = self.inner.borrow();
        let scene = inner.scene();
        match (scene, &inner.scenery.looks.picture) {
            (Scene::Landscape | Scene::Weights, Some((key, facts, Picture::Network(numbers)))) => {
                let said = networks::fetched().map(|networks| (networks.sentence)(numbers))?;
                let kept = if facts.step == key.facts.step { "" } else { ", the last that is kept" };
                Some(format!("Step {}{kept}: {said}", crate::numbers::group(facts.step)))
            }
            (Scene::Landscape | Scene::Cobweb, _) => None,
            _ => {
                let said = close::fetched()
                    .and_then(|close| (close.sentence)(scene, inner.seen_closely(), &inner.session, &inner.view));
                let nothing = if inner.scenery.looks.is_refused {
                    "This network is too large to look along a line: that takes hundreds of passes through all samples."
                } else {
                    "No step from here has been computed yet."
                };
                Some(said.unwrap_or_else(|| nothing.to_owned()))
            }
        }
    }

    /// Fetches what the scene takes, if that is not there yet: once, until another scene is chosen.
    pub(super) fn fetch_scene(self: &Rc<Self>) {
        let is_wanted = !matches!(self.scene(), Scene::Landscape | Scene::Cobweb | Scene::Weights);
        if !is_wanted || close::fetched().is_some() || self.inner.borrow().scenery.looks.is_fetching {
            return;
        }
        self.inner.borrow_mut().scenery.looks.is_fetching = true;
        let lab = self.clone();
        spawn_local(async move {
            match close::fetch().await {
                Ok(_) => lab.change(|inner| inner.scenery.looks.is_fetching = false),
                Err(missing) => lab.complain(&missing.to_string()),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use flatland_engine::Experiment;

    use super::*;
    use crate::session::Session;

    /// A scenery that has asked something of the first run, with the answer's number.
    fn asked(subject: Subject) -> Scenery {
        let json = r#"{"version":1,"objective":{"name":"river"},"runs":[{"policy":{"name":"constant"}}]}"#;
        let session = Session::new(Experiment::from_json(json).expect("valid"));
        let run = &session.runs()[0];
        let (run, generation, facts) = (run.id, run.generation, Facts::of(run, 0, 0));
        let mut scenery = Scenery::new(&session);
        scenery.looks.probing = Some((0.0, ProbeKey { subject, run, generation, facts, has_next: false }));
        scenery
    }

    fn answer() -> Vec<f64> {
        Picture::Network(vec![0.2, 701.0, 20.0, 19.0]).to_numbers()
    }

    #[test]
    fn what_is_said_of_another_network_is_not_taken_for_this_one() {
        let mut scenery = asked(Subject::About);
        scenery.take_picture(0, None, &answer(), 5.0);
        assert_eq!(scenery.looks.about.as_deref(), Some(&[0.2, 701.0, 20.0, 19.0][..]));
        let mut scenery = asked(Subject::About);
        scenery.looks.forget();
        scenery.take_picture(0, None, &answer(), 5.0);
        assert_eq!(scenery.looks.about, None);
    }

    #[test]
    fn a_line_without_numbers_was_refused() {
        let mut scenery = asked(Subject::Eigenvector);
        scenery.take_picture(0, None, &[], 5.0);
        assert!(scenery.looks.is_refused && scenery.looks.picture.is_none());
        let mut scenery = asked(Subject::Outputs);
        scenery.take_picture(0, None, &answer(), 5.0);
        assert!(!scenery.looks.is_refused && scenery.looks.picture.is_some());
    }
}
