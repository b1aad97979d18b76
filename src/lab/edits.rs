//! The verbs that change the experiment. Each either takes effect and redraws, or says why not and
//! changes nothing.

use std::rc::Rc;

use flatland_engine::{
    column::Column,
    experiment::{EnsembleSpec, Experiment, FieldError, MAX_STEPS, ParameterValue, RunSpec, Spec},
    objective, policy,
};
use yew::platform::spawn_local;

use super::{HOLD_MS, Inner, Lab, MAX_FOLLOWED, Notice, sharing::ended};
use crate::{
    browser,
    chart::{
        axis::{round_to, significant},
        panels,
    },
    needs,
    numbers::group,
    session::{Effect, Session, policy_at},
    view_settings::{Panel, XQuantity},
};

impl Lab {
    /// How many steps a run may take, or oracle calls it may make.
    pub fn set_budget(&self, budget: f64, in_calls: bool) -> Result<(), String> {
        let (unit, most) = if in_calls { ("calls", None) } else { ("steps", Some(MAX_STEPS)) };
        if budget.fract() != 0.0 || !(1.0..=most.map_or(1e15, |most| most as f64)).contains(&budget) {
            let bounds = most.map_or_else(|| "at least 1".to_owned(), |most| format!("from 1 to {}", group(most)));
            return Err(format!("Expected a whole number of {unit}, {bounds}; got {}.", significant(budget)));
        }
        self.change(|inner| inner.session.set_budget(budget as u64, in_calls)).map_err(|error| refusal(&error))
    }

    /// Whether the budget is one of oracle calls, the same number for every run; the x axis goes
    /// along.
    pub fn budget_in_calls(&self, in_calls: bool) {
        let (budget, _) = self.read(Session::budget);
        match self.set_budget(budget as f64, in_calls) {
            Ok(()) if in_calls => self.set_x_quantity(XQuantity::Calls),
            Ok(()) if self.view().x_quantity == XQuantity::Calls => self.set_x_quantity(XQuantity::Steps),
            Ok(()) => {}
            Err(message) => self.say_error(message),
        }
    }

    /// Another objective, from its own start, with its own step size for constant policies.
    pub fn set_objective(self: &Rc<Self>, name: &str) {
        let (lab, name) = (self.clone(), name.to_owned());
        self.once_readable(name.clone(), move || lab.show_objective(&name));
    }

    /// Does something with a text as soon as the page has what it takes to read it.
    pub fn once_readable(self: &Rc<Self>, text: String, act: impl FnOnce() + 'static) {
        if needs::can_read(&text) {
            return act();
        }
        let lab = self.clone();
        spawn_local(async move {
            match needs::fetch(&text).await {
                Ok(_) => act(),
                Err(missing) => lab.say_error(missing.to_string()),
            }
        });
    }

    fn show_objective(&self, name: &str) {
        let Some(entry) = objective::find(name) else { return };
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.objective = Spec::new(name);
        experiment.start = entry.start_for(&experiment.objective);
        if !experiment.is_network() {
            // What says something of networks alone is asked for no longer.
            experiment.spectrum = flatland_engine::spectrum::Precision::default();
            let has_gone = |column: &Column| Panel::of_networks().any(|panel| panel.columns().contains(column));
            experiment.columns.retain(|column| !has_gone(column));
        }
        let steps: Vec<f64> = experiment.runs.iter().filter_map(constant_step).collect();
        let reference = steps.first().copied();
        for run in &mut experiment.runs {
            if let (Some(eta), Some(reference)) = (constant_step(run), reference) {
                let scaled = entry.constant_step * eta / reference;
                run.policy = Spec::new("constant").with("eta", ParameterValue::Number(round_to(scaled, 3)));
            }
            run.changes.clear();
        }
        let start = experiment.start.iter().map(|x| significant(*x)).collect::<Vec<_>>().join(", ");
        let start = if experiment.is_network() { "weights drawn by its seed".to_owned() } else { format!("({start})") };
        let title = entry.description.title;
        let constant = if reference.is_some() { "; constant steps take this objective's size" } else { "" };
        match self.restart(experiment) {
            Ok(()) => {
                self.change(Inner::ask_columns);
                self.begin(None);
                self.say(format!("{title}: restarted from {start}{constant}."));
            }
            Err(message) => self.say_error(message),
        }
    }

    /// Another value of a parameter of the objective. The runs start again and are computed up to
    /// the step shown, so that a slider changes the picture in place.
    pub fn set_objective_parameter(&self, key: &str, value: ParameterValue) -> Result<(), String> {
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.objective.parameters.insert(key.to_owned(), value);
        // A parameter may change how many variables there are: then the start is the objective's
        // own again.
        if let Some(entry) = objective::find(&experiment.objective.name)
            && !matches!(entry.dimension, objective::Dimension::Any { .. } | objective::Dimension::Dividing { .. })
        {
            let start = entry.start_for(&experiment.objective);
            if start.len() != experiment.start.len() {
                experiment.start = start;
            }
        }
        self.restart_up_to_here(experiment)
    }

    /// Another experiment, which differs a little. The runs are computed again up to the step shown.
    pub fn edit_experiment(&self, change: impl FnOnce(&mut Experiment)) -> Result<(), String> {
        let mut experiment = self.read(|session| session.experiment().clone());
        change(&mut experiment);
        self.restart_up_to_here(experiment)
    }

    /// Several starts around the experiment's own for every run, or that alone. The runs are
    /// computed again up to the step shown.
    pub fn set_ensemble(&self, ensemble: Option<EnsembleSpec>) -> Result<(), String> {
        self.edit_experiment(|experiment| experiment.ensemble = ensemble)
    }

    fn restart_up_to_here(&self, experiment: Experiment) -> Result<(), String> {
        let step = self.read(|session| session.wanted_step());
        self.restart(experiment)?;
        self.change(|inner| {
            inner.left = None;
            inner.session.seek(step.min(MAX_FOLLOWED));
            inner.hold_until = Some(browser::now() + HOLD_MS);
        });
        Ok(())
    }

    /// Another start; starts again.
    pub fn set_start(&self, start: Vec<f64>) -> Result<(), String> {
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.start = start;
        self.restart(experiment)
    }

    /// Moves the start to a place of the landscape, in fractions of its width and height. What was
    /// seen of the runs is computed anew at once, so that the trajectories follow the pointer.
    pub fn drag_start(&self, across: f64, down: f64) {
        let (mut experiment, step, playing) =
            self.read(|session| (session.experiment().clone(), session.wanted_step(), session.is_playing()));
        let window = self.window();
        let (x, y) = window.point(across, down);
        let digits =
            |value: f64, span: f64| round_to(value, 2 + (value.abs() / span * 100.0).max(1.0).log10().ceil() as i32);
        let [x0, x1, y0, y1] = window.bounds;
        for (coordinate, (value, span)) in experiment.start.iter_mut().zip([(x, x1 - x0), (y, y1 - y0)]) {
            *coordinate = digits(value, span);
        }
        self.change(|inner| {
            inner.was_playing |= playing;
            inner.scenery.is_dragging = true;
            inner.replace(experiment);
            inner.left = None;
            inner.session.set_playing(false);
            inner.session.seek(step.min(MAX_FOLLOWED));
            inner.hold_until = Some(browser::now() + HOLD_MS);
        });
    }

    /// The start has been let go: time goes on if it did.
    pub fn drop_start(&self) {
        self.change(|inner| {
            inner.scenery.drop_start(&inner.session);
            if std::mem::take(&mut inner.was_playing) {
                inner.session.set_playing(true);
            }
        });
    }

    /// Another seed for policies and starts that draw random numbers; starts again from the same
    /// start.
    pub fn new_seed(&self) {
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.seed += 1;
        let seed = experiment.seed;
        let start = if experiment.is_network() { "other weights" } else { "the same start" };
        match self.restart(experiment) {
            Ok(()) => self.say(format!("Seed {seed}: restarted from {start}.")),
            Err(message) => self.say_error(message),
        }
    }

    pub(super) fn restart(&self, experiment: Experiment) -> Result<(), String> {
        let experiment = experiment.complete_and_check().map_err(|error| refusal(&error))?;
        self.change(|inner| inner.replace(experiment));
        Ok(())
    }

    /// Another policy for a run, from the step shown on; where the run was over by then it begins
    /// again.
    pub fn set_policy(&self, index: usize, policy: Spec) -> Result<(), String> {
        let effect = self.change(|inner| inner.set_policy(index, policy)).map_err(|error| refusal(&error))?;
        let title = self.read(|session| panels::title(session, index));
        match effect {
            Effect::Nothing | Effect::From(_) => {}
            Effect::Alone(step) => {
                self.say(format!("This run was over at step {step}: it begins again with {title}."));
            }
            Effect::Restart => {
                if browser::prefers_reduced_motion() {
                    self.seek_end();
                }
                let choice = self
                    .read(Session::going_on)
                    .map(|(step, steps)| format!("Go on from step {step} to {steps} instead"));
                let text = format!("All runs were over: they begin again, now with {title}.");
                self.change(|inner| inner.show(Notice { choice, ..Notice::info(text) }));
            }
        }
        Ok(())
    }

    /// Takes the choice that a restart has offered: the runs go on from their ends with more steps.
    pub fn go_on(&self) {
        let result = self.change(|inner| {
            // It takes the place of the restart in the history, if that is there already.
            inner.amends = !inner.is_edited();
            inner.session.go_on()
        });
        match result {
            Ok(_) => self.dismiss(),
            Err(error) => self.say_error(refusal(&error)),
        }
    }

    /// Another policy for a run by its name, with its defaults.
    pub fn set_policy_name(self: &Rc<Self>, index: usize, name: &str) {
        let (lab, name) = (self.clone(), name.to_owned());
        self.once_readable(name.clone(), move || lab.choose_policy(index, &name));
    }

    fn choose_policy(&self, index: usize, name: &str) {
        let spec = self.read(|session| default_policy(name, session.experiment()));
        if let Err(message) = self.set_policy(index, spec) {
            self.say_error(message);
        }
    }

    /// Another value of a parameter of a run's policy, from the step shown on.
    pub fn set_policy_parameter(&self, index: usize, key: &str, value: Option<ParameterValue>) -> Result<(), String> {
        let mut policy = self.read(|session| session.policy(index).clone());
        match value {
            Some(value) => policy.parameters.insert(key.to_owned(), value),
            None => policy.parameters.remove(key),
        };
        self.set_policy(index, policy)
    }

    /// Multiplies the step size of the selected run.
    pub fn scale_step(&self, factor: f64) {
        let index = self.view().selected;
        if self.scale(index, factor).is_none() {
            let what = if self.view().ghosts.contains(&index) {
                "A ghost stays as it is"
            } else {
                "The selected run has no constant step"
            };
            self.say(format!("{what}. With Alt, these keys change those of all runs."));
        }
    }

    /// Multiplies the step size of every constant-step run that is no ghost.
    pub fn scale_steps(&self, factor: f64) {
        for index in 0..self.read(|session| session.runs().len()) {
            self.scale(index, factor);
        }
    }

    /// Multiplies the step size of a run; `None` where it has no constant one, or is a ghost.
    fn scale(&self, index: usize, factor: f64) -> Option<()> {
        let eta = self.look(|session, view| {
            let policy = session.policy(index);
            (policy.name == "constant" && !view.ghosts.contains(&index)).then(|| policy.number("eta"))
        })?;
        let value = ParameterValue::Number(round_to(eta * factor, 4));
        if let Err(message) = self.set_policy_parameter(index, "eta", Some(value)) {
            self.say_error(message);
        }
        Some(())
    }

    /// One more run.
    pub fn add_run(self: &Rc<Self>, name: &str) {
        let (lab, name) = (self.clone(), name.to_owned());
        self.once_readable(name.clone(), move || {
            let spec = lab.read(|session| default_policy(&name, session.experiment()));
            if let Err(error) = lab.change(|inner| inner.session.add_run(spec)) {
                lab.say_error(error.to_string());
            }
        });
    }

    /// A flow beside a run with a constant step: over the time Σ η it is the curve that the run
    /// follows, until it is at its edge.
    pub fn add_flow(&self, index: usize, name: &str) {
        match self.change(|inner| inner.session.add_flow(index, name)) {
            Ok(()) if self.view().x_quantity.is_steps() => self.set_x_quantity(XQuantity::Time),
            Ok(()) => {}
            Err(error) => self.say_error(error.to_string()),
        }
    }

    /// One run less.
    pub fn remove_run(&self, index: usize) {
        self.change(|inner| {
            if inner.session.remove_run(index) {
                inner.view.forget_run(index);
            }
        });
    }
}

impl Inner {
    /// Sets a run's policy, and what the history must know when that begins everything again.
    fn set_policy(&mut self, index: usize, policy: Spec) -> Result<Effect, FieldError> {
        let (step, is_young, was_told) = (self.session.step(), self.session.is_beginning(), !self.is_edited());
        let effect = self.session.set_policy(index, policy)?;
        if effect == Effect::Restart {
            self.amends |= is_young && was_told;
            if !is_young {
                self.left.get_or_insert(step);
            }
        }
        Ok(effect)
    }
}

/// Why a value was refused, said beside its field: neither its place in the document nor that a
/// document may do without it.
fn refusal(error: &FieldError) -> String {
    let FieldError { expected, found, remedy, .. } = error;
    let remedy = if remedy.contains("leave") { String::new() } else { format!("; {remedy}") };
    ended(&format!("Expected {expected}, found {found}{remedy}"))
}

fn constant_step(run: &RunSpec) -> Option<f64> {
    let policy = policy_at(run, u64::MAX);
    (policy.name == "constant").then(|| policy.number("eta"))
}

/// A policy with its defaults; a constant step takes the objective's size.
fn default_policy(name: &str, experiment: &Experiment) -> Spec {
    let spec = Spec::new(name);
    let step = objective::find(&experiment.objective.name).map(|entry| entry.constant_step);
    let has_eta = policy::find(name).is_some_and(|entry| entry.description.parameter("eta").is_some());
    match step {
        Some(step) if has_eta => spec.with("eta", ParameterValue::Number(step)),
        _ => spec,
    }
}
