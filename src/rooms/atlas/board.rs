//! What is drawn: the order that was chosen, the whole map of which it may be a part, and the
//! orders that are drawn side by side.

use crate::numbers::significant;
use flatland_atlas::{Axis, MapError, Measure, Scale};
use flatland_drawing::choices::{Choice, choices, suggestion};
use flatland_drawing::{Drawing, Kept, Order, Whole};
use flatland_engine::{Experiment, policy};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stays as it is in a link, so that a person may still read it.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'!').remove(b'~');

/// Coordinates that a diagram may have upwards.
const MOST_COORDINATES: usize = 4;

/// See the module's header.
#[derive(Clone)]
pub struct Board {
    /// The experiment, complete.
    pub experiment: Experiment,
    /// The names of its runs.
    pub names: Vec<String>,
    /// What is drawn.
    pub order: Order,
    /// Whether the same is drawn under every policy, side by side.
    pub is_all: bool,
    /// Whether the map has the whole window, without what stands beside it.
    pub is_alone: bool,
    whole: Whole,
    /// Operations of one step of a network.
    work: Option<f64>,
}

/// What is drawn side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The orders, with their names.
    pub maps: Vec<(Order, String)>,
    /// What is left out, and why; empty where nothing is.
    pub note: String,
}

impl Board {
    /// The board to begin with: of the link, or else as it was left, or else what the experiment
    /// suggests; and what is wrong with the link.
    ///
    /// # Errors
    ///
    /// If the experiment has no two numbers that could be axes.
    pub fn new(
        experiment: Experiment,
        names: Vec<String>,
        linked: Option<&str>,
        left: Option<Kept>,
    ) -> Result<(Self, String), MapError> {
        let order = suggestion(&experiment, 0)?;
        let whole = Whole::of(&order);
        let work = work(&experiment);
        let board = Self { experiment, names, order, is_all: false, is_alone: false, whole, work };
        let Some(linked) = linked else {
            let board = left.and_then(|kept| board.resumed(kept).ok()).unwrap_or(board);
            return Ok((board, String::new()));
        };
        Ok(match Kept::read(&unescaped(linked)).and_then(|kept| board.resumed(kept)) {
            Ok(board) => (board, String::new()),
            Err(error) => {
                let instead = "You see the map that the experiment suggests.";
                (board, format!("The map in this link cannot be drawn: {error}. {instead}"))
            }
        })
    }

    /// The board with what was kept, if that can be drawn.
    fn resumed(&self, kept: Kept) -> Result<Self, MapError> {
        let mut board = self.clone();
        (board.order, board.is_all, board.is_alone) = (kept.order, kept.is_all, kept.is_alone);
        board.layout()?;
        board.whole = kept.whole.filter(Whole::is_valid).unwrap_or_else(|| board.usual());
        Ok(board)
    }

    /// What is kept of it, for this experiment and for others that are opened over it.
    pub fn kept(&self) -> Kept {
        let Self { order, is_all, is_alone, whole, .. } = self;
        Kept { order: order.clone(), is_all: *is_all, is_alone: *is_alone, whole: Some(*whole) }
    }

    /// What is kept of it as it stands in a link, which says nothing of a whole that its experiment
    /// suggests.
    pub fn to_link(&self) -> String {
        let whole = (self.whole != self.usual()).then_some(self.whole);
        utf8_percent_encode(&Kept { whole, ..self.kept() }.to_json(), ESCAPED).to_string()
    }

    /// What may stand on the axes.
    pub fn choices(&self) -> Vec<Choice> {
        choices(&self.experiment, self.order.run)
    }

    /// What a diagram may have upwards, by its name in orders and for people.
    pub fn quantities(&self) -> Vec<(String, String)> {
        let variables = self.experiment.variables();
        let coordinates = variables.iter().take(MOST_COORDINATES).enumerate();
        let mut all: Vec<_> = coordinates.map(|(i, name)| (format!("x{i}"), format!("iterates {name}"))).collect();
        all.push(("loss".to_owned(), "loss".to_owned()));
        all.push(("sharpness".to_owned(), "sharpness λ₁".to_owned()));
        all
    }

    /// What stands on an axis, for people.
    pub fn label(&self, order: &Order, is_up: bool) -> String {
        let field = if is_up { &order.y.field } else { &order.x.field };
        let found = if is_up && order.measure.is_none() {
            self.quantities().into_iter().find(|(name, _)| name == field).map(|(_, label)| label)
        } else {
            let choices = choices(&self.experiment, order.run);
            choices.into_iter().find(|choice| choice.axis.field == *field).map(|choice| choice.label)
        };
        found.unwrap_or_else(|| field.clone())
    }

    /// An axis up of a diagram, with a range to begin with.
    pub fn quantity_axis(&self, name: &str) -> Axis {
        let (from, to) = match name {
            "loss" => (0.0, 2.0),
            "sharpness" => (-2.0, 10.0),
            coordinate => {
                let start = format!("start[{}]", coordinate.trim_start_matches('x'));
                let found = self.choices().into_iter().find(|choice| choice.axis.field == start);
                found.map_or((-2.0, 2.0), |choice| (choice.axis.from, choice.axis.to))
            }
        };
        Axis { field: name.to_owned(), from, to, scale: Scale::Linear }
    }

    /// The ends of both axes as an order begins with them where nobody has chosen others.
    fn usual(&self) -> Whole {
        let choices = self.choices();
        let known = |axis: &Axis| {
            let found = choices.iter().find(|choice| choice.axis.field == axis.field);
            found.map_or_else(|| axis.clone(), |choice| choice.axis.clone())
        };
        let y = match self.order.measure {
            None => self.quantity_axis(&self.order.y.field),
            Some(_) => known(&self.order.y),
        };
        Whole::of(&Order { x: known(&self.order.x), y, ..self.order.clone() })
    }

    /// The whole map, of which the one shown may be a part.
    pub fn unzoomed(&self) -> Order {
        let Whole { x, y } = self.whole;
        let axis = |axis: &Axis, from, to| Axis { from, to, ..axis.clone() };
        Order { x: axis(&self.order.x, x.from, x.to), y: axis(&self.order.y, y.from, y.to), ..self.order.clone() }
    }

    /// Takes over that a map was moved or zoomed by hand.
    pub fn follow(&mut self, moved: &Order) {
        (self.order.x.from, self.order.x.to) = (moved.x.from, moved.x.to);
        (self.order.y.from, self.order.y.to) = (moved.y.from, moved.y.to);
    }

    /// Takes another order, and what is set in it for the whole map. Axes that a newly chosen run
    /// does not have are replaced.
    ///
    /// # Errors
    ///
    /// If it cannot be drawn; then the board is as before.
    pub fn set(&mut self, wanted: Order, is_all: bool) -> Result<Layout, MapError> {
        let before = self.clone();
        self.order = self.suited(wanted);
        self.is_all = is_all;
        let layout = match self.layout() {
            Ok(layout) => layout,
            Err(error) => {
                *self = before;
                return Err(error);
            }
        };
        // What was set by hand is the whole from now on; what was not stays a part of it.
        let is_same = |old: &Axis, new: &Axis| {
            of_no_run(&old.field) == of_no_run(&new.field) && (old.from, old.to) == (new.from, new.to)
        };
        let new = Whole::of(&self.order);
        if !is_same(&before.order.x, &self.order.x) || (self.order.x.scale == Scale::Log && self.whole.x.from <= 0.0) {
            self.whole.x = new.x;
        }
        if !is_same(&before.order.y, &self.order.y) || (self.order.y.scale == Scale::Log && self.whole.y.from <= 0.0) {
            self.whole.y = new.y;
        }
        Ok(layout)
    }

    /// The order with axes that its run has: those of another run where it has them too, and others
    /// where not.
    fn suited(&self, mut order: Order) -> Order {
        if order.run == self.order.run {
            return order;
        }
        let choices = choices(&self.experiment, order.run);
        let is_diagram = order.measure.is_none();
        let suit = |axis: &Axis, other: &Axis| {
            let field = of_run(&axis.field, order.run);
            if choices.iter().any(|choice| choice.axis.field == field) {
                return Axis { field, ..axis.clone() };
            }
            let free = choices.iter().find(|choice| choice.axis.field != other.field);
            free.map_or_else(|| axis.clone(), |choice| choice.axis.clone())
        };
        let x = suit(&order.x, &order.y);
        let y = if is_diagram { order.y.clone() } else { suit(&order.y, &x) };
        (order.x, order.y) = (x, y);
        order
    }

    /// The maps that are drawn side by side. The same map is drawn once, however many runs it is
    /// of.
    ///
    /// # Errors
    ///
    /// If none can be drawn.
    pub fn layout(&self) -> Result<Layout, MapError> {
        if !self.is_all {
            self.order.drawing(&self.experiment)?;
            return Ok(Layout { maps: vec![(self.order.clone(), self.title(&self.order))], note: String::new() });
        }
        let mut maps: Vec<(Order, String)> = Vec::new();
        let mut seen = Vec::new();
        let (mut without, mut twice) = (Vec::new(), Vec::new());
        for run in 0..self.names.len() {
            let moved = |axis: &Axis| Axis { field: of_run(&axis.field, run), ..axis.clone() };
            let order = Order { run, x: moved(&self.order.x), y: moved(&self.order.y), ..self.order.clone() };
            let Ok(drawing) = order.drawing(&self.experiment) else {
                without.push(self.names[run].as_str());
                continue;
            };
            let content = content(&drawing);
            if seen.contains(&content) {
                twice.push(self.names[run].as_str());
                continue;
            }
            seen.push(content);
            maps.push((order.clone(), self.title(&order)));
        }
        if maps.is_empty() {
            let remedy = "choose numbers of the start or the objective";
            return Err(MapError::new(
                "",
                "numbers that a policy of this experiment has",
                "none that has them",
                remedy,
            ));
        }
        let mut note = Vec::new();
        if !without.is_empty() {
            let have = if without.len() == 1 { "it has" } else { "they have" };
            note.push(format!("Without {}: {have} no such number.", without.join(", ")));
        }
        if !twice.is_empty() {
            let have = if twice.len() == 1 { "its map is" } else { "their maps are" };
            note.push(format!("Without {}: {have} shown already.", twice.join(", ")));
        }
        Ok(Layout { maps, note: note.join(" ") })
    }

    /// The name of a map: that of its run, without the number that is on an axis.
    fn title(&self, order: &Order) -> String {
        let own = format!("runs[{}].policy.", order.run);
        let run = &self.experiment.runs[order.run.min(self.experiment.runs.len() - 1)];
        let is_on_axis = order.x.field.starts_with(&own) || order.y.field.starts_with(&own);
        match policy::find(&run.policy.name) {
            Some(entry) if is_on_axis && run.label.is_none() => entry.description.title.to_owned(),
            _ => self.names.get(order.run).cloned().unwrap_or_default(),
        }
    }

    /// What a pixel of a map of networks takes, in words.
    pub fn work(&self) -> Option<String> {
        let steps = self.order.steps.unwrap_or(self.experiment.steps);
        let operations = significant(self.work? * steps as f64, 2);
        Some(format!("Each pixel: {steps} steps, about {operations} operations"))
    }

    /// What is drawn, in words: how many steps, and what the color says.
    pub fn words(&self) -> String {
        let steps = self.order.steps.unwrap_or(self.experiment.steps);
        match self.order.measure {
            Some(measure) => format!("{steps} steps a run · {}", measure_name(measure)),
            None => format!(
                "in each column the first {steps} iterates are left out and the next {} drawn",
                flatland_drawing::ITERATES
            ),
        }
    }
}

/// The operations of one step of a network: about 6 for each weight and sample; what a search tries
/// comes on top.
fn work(experiment: &Experiment) -> Option<f64> {
    let objective = experiment.is_network().then(|| experiment.build_objective().ok())??;
    let samples = objective.as_network()?.data().train.count;
    Some(6.0 * objective.dimension() as f64 * samples as f64)
}

/// What a measure is called in the Atlas.
pub fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Outcome => "how runs end",
        Measure::Sharpness => "final sharpness λ₁",
        Measure::Share => "steps with η·λ₁ > 2",
        Measure::Lyapunov => "Lyapunov exponent",
        Measure::Minimizer => "which minimizer",
        Measure::Loss => "final loss",
        Measure::Accuracy => "final test accuracy",
    }
}

/// What a drawing is of, without the number of its run and without what stands on its axes: alike
/// for drawings that are the same.
fn content(drawing: &Drawing) -> (String, Vec<String>) {
    let (experiment, run, x, y) = match drawing {
        Drawing::Map(map) => (map.experiment_at(map.x.at(0.5), map.y.at(0.5)).ok(), map.run, &map.x, Some(&map.y)),
        Drawing::Diagram(diagram) => (diagram.experiment_at(diagram.x.at(0.5)).ok(), diagram.run, &diagram.x, None),
    };
    let document = experiment.map_or_else(String::new, |mut experiment| {
        let mut run = experiment.runs.swap_remove(run);
        run.label = None;
        experiment.runs = vec![run];
        experiment.to_json()
    });
    (document, [Some(x), y].into_iter().flatten().map(|axis| of_no_run(&axis.field)).collect())
}

/// A field, of another run if it is one of a run.
fn of_run(field: &str, run: usize) -> String {
    match field.strip_prefix("runs[").and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => format!("runs[{run}]{rest}"),
        None => field.to_owned(),
    }
}

/// A field without the number of its run.
fn of_no_run(field: &str) -> String {
    match field.strip_prefix("runs[").and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => format!("runs{rest}"),
        None => field.to_owned(),
    }
}

/// A text of a link, which who passed it on may have escaped once more.
fn unescaped(text: &str) -> String {
    let mut plain = text.to_owned();
    loop {
        let decoded = percent_decode_str(&plain).decode_utf8_lossy().into_owned();
        if decoded == plain || !decoded.starts_with('%') {
            return decoded;
        }
        plain = decoded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(json: &str) -> Experiment {
        Experiment::from_json(json).expect("valid").complete_and_check().expect("valid")
    }

    /// The factorization under two constant steps, and under a search without a step size.
    fn board() -> Board {
        let json = r#"{"version":1,"objective":{"name":"scalar-factorization"},"start":[3,0.5],"runs":[
            {"policy":{"name":"constant","eta":0.3}},{"policy":{"name":"constant","eta":0.4}},
            {"policy":{"name":"nonmonotone-line-search"}}],"steps":100}"#;
        let names = ["η = 0.3", "η = 0.4", "a search"].map(str::to_owned).to_vec();
        Board::new(experiment(json), names, None, None).expect("a board").0
    }

    #[test]
    fn the_same_map_is_drawn_once_and_what_has_no_number_is_named() {
        let mut board = board();
        let layout = board.set(board.order.clone(), true).expect("drawn");
        assert_eq!(layout.maps.len(), 1, "with η across the maps of both constant steps are one");
        assert_eq!(layout.maps[0].1, "Constant step");
        assert!(layout.note.contains("Without a search: it has no such number."), "{}", layout.note);
        assert!(layout.note.contains("Without η = 0.4: its map is shown already."), "{}", layout.note);
        let starts = Order {
            x: board.choices().into_iter().find(|choice| choice.axis.field == "start[1]").expect("a start").axis,
            ..board.order.clone()
        };
        let layout = board.set(starts, true).expect("drawn");
        let names: Vec<&str> = layout.maps.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["η = 0.3", "η = 0.4", "a search"]);
        assert_eq!(layout.note, "");
    }

    #[test]
    fn what_is_set_by_hand_is_the_whole_and_what_is_zoomed_is_not() {
        let mut board = board();
        assert_eq!(board.unzoomed(), board.order);
        let mut moved = board.order.clone();
        (moved.x.from, moved.x.to) = (0.31, 0.32);
        board.follow(&moved);
        assert_ne!(board.unzoomed(), board.order);
        // A change of something else keeps the part that is shown, and the way back.
        board.set(Order { measure: Some(Measure::Sharpness), ..board.order.clone() }, false).expect("drawn");
        assert_eq!((board.order.x.from, board.unzoomed().x.from < 0.1), (0.31, true));
        let mut typed = board.order.clone();
        typed.x.to = 0.5;
        board.set(typed, false).expect("drawn");
        assert_eq!((board.unzoomed().x.from, board.unzoomed().x.to), (0.31, 0.5));
    }

    #[test]
    fn another_run_keeps_the_axes_that_it_has() {
        let mut board = board();
        board.set(Order { run: 1, ..board.order.clone() }, false).expect("drawn");
        assert_eq!(board.order.x.field, "runs[1].policy.eta");
        board.set(Order { run: 2, ..board.order.clone() }, false).expect("drawn");
        assert!(board.order.x.field != "runs[1].policy.eta" && board.order.x.field != board.order.y.field);
    }

    #[test]
    fn what_cannot_be_drawn_changes_nothing() {
        let mut board = board();
        let before = board.kept();
        let mut wrong = board.order.clone();
        wrong.x.from = -1.0;
        assert_eq!(board.set(wrong, false).expect_err("refused").field, "runs[0].policy.eta");
        assert_eq!(board.kept(), before);
    }

    #[test]
    fn a_link_brings_the_map_back_and_a_broken_one_is_said() {
        let mut board = board();
        let mut moved = board.order.clone();
        (moved.y.from, moved.y.to) = (1.0, 1.25);
        board.follow(&moved);
        let link = board.to_link();
        assert!(!link.contains(['{', '&', '"', ' ']), "{link}");
        let again =
            |link: &str| Board::new(board.experiment.clone(), board.names.clone(), Some(link), None).expect("one");
        let (restored, complaint) = again(&link);
        assert_eq!((restored.kept(), complaint.as_str()), (board.kept(), ""));
        // Escaped once more on the way, with the end of a sentence behind it.
        assert_eq!(again(&format!("{}).", link.replace('%', "%25"))).0.kept(), board.kept());
        for broken in ["%7B%22run%22%3A0%2C", "", "%%%"] {
            let (suggested, complaint) = again(broken);
            assert!(complaint.contains("cannot be read"), "{complaint}");
            assert_eq!(suggested.unzoomed(), suggested.order);
        }
    }

    #[test]
    fn what_was_left_keeps_its_whole_over_another_experiment() {
        let mut board = board();
        let (whole, mut moved) = (board.order.clone(), board.order.clone());
        (moved.x.from, moved.x.to) = (0.31, 0.32);
        board.follow(&moved);
        // The run that was opened from the map has another η, and so another usual range.
        let json = board.experiment.to_json().replace("0.3", "0.11");
        let (again, _) = Board::new(experiment(&json), board.names.clone(), None, Some(board.kept())).expect("one");
        assert_eq!((again.order.x.from, again.unzoomed()), (0.31, whole));
    }

    #[test]
    fn a_diagram_has_the_variables_of_the_experiment_upwards() {
        let board = board();
        let names: Vec<String> = board.quantities().into_iter().map(|(_, label)| label).collect();
        assert_eq!(names, ["iterates x", "iterates y", "loss", "sharpness λ₁"]);
        let axis = board.quantity_axis("x1");
        let order = Order { measure: None, y: axis, ..board.order.clone() };
        assert_eq!(board.label(&order, true), "iterates y");
        assert!(order.drawing(&board.experiment).is_ok());
    }
}
