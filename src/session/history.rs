//! Everything recorded of one run: a [`Series`] for each quantity, each coordinate and each column
//! that the experiment asks for, its phases and its crossings of the threshold.

use flatland_engine::phase::{Crossing, Phase};

use crate::{
    protocol::{Batch, QUANTITIES, Quantity, read_mark},
    session::series::{BLOCK, Series},
};

/// The record of one run. Row `k` of every series is iterate `k`.
#[derive(Clone, Debug, Default)]
pub struct History {
    quantities: [Series; QUANTITIES],
    coordinates: Vec<Series>,
    asked: Vec<Series>,
    time: Series,
    phases: Vec<(usize, Phase)>,
    crossings: Vec<(usize, Crossing)>,
}

impl History {
    /// Rows recorded.
    pub fn len(&self) -> usize {
        self.quantities[0].len()
    }

    /// Whether nothing is recorded yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends rows.
    pub fn append(&mut self, batch: &Batch) {
        let start = self.len();
        let asked_from = QUANTITIES + 1 + batch.coordinates;
        let slot = |list: &mut Vec<Series>, place: usize, column: &[f64]| {
            if place == list.len() {
                list.push(Series::default());
            }
            list[place].extend(column);
        };
        for (index, column) in batch.columns.chunks_exact(batch.rows.max(1)).enumerate() {
            match index {
                _ if index < QUANTITIES => self.quantities[index].extend(column),
                QUANTITIES => self.note(start, column),
                _ if index < asked_from => slot(&mut self.coordinates, index - QUANTITIES - 1, column),
                _ => slot(&mut self.asked, index - asked_from, column),
            }
        }
        self.keep_time();
    }

    /// The time of gradient flow at each new row: the sum of the step sizes before it.
    fn keep_time(&mut self) {
        let from = self.time.len();
        let mut time = from.checked_sub(1).and_then(|last| self.time.get(last)).unwrap_or(0.0);
        let times: Vec<f64> = (from..self.len())
            .map(|row| {
                let eta = row.checked_sub(1).and_then(|before| self.get(Quantity::StepSize, before));
                time += eta.filter(|eta| eta.is_finite()).unwrap_or(0.0);
                time
            })
            .collect();
        self.time.extend(&times);
    }

    /// Notes changes of phase and crossings.
    fn note(&mut self, start: usize, marks: &[f64]) {
        for (row, mark) in (start..).zip(marks) {
            let sighting = read_mark(*mark);
            if self.phases.last().is_none_or(|(_, phase)| *phase != sighting.phase) {
                self.phases.push((row, sighting.phase));
            }
            self.crossings.extend(sighting.crossing.map(|crossing| (row, crossing)));
        }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Series> {
        self.quantities.iter_mut().chain(&mut self.coordinates).chain(&mut self.asked).chain([&mut self.time])
    }

    /// Forgets every row from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.all().for_each(|series| series.truncate(len));
        self.phases.retain(|(row, _)| *row < len);
        self.crossings.retain(|(row, _)| *row < len);
    }

    /// Oracle calls that were made to reach a row; NaN beyond the end.
    pub fn cost(&self, row: usize) -> f64 {
        let counts = [Quantity::FunctionEvaluations, Quantity::GradientEvaluations, Quantity::HvpEvaluations];
        let before = |before| counts.map(|count| self.get(count, before).unwrap_or(f64::NAN)).iter().sum();
        row.checked_sub(1).map_or(0.0, before)
    }

    /// The first row that costs at least so many calls, or the number of rows if none does; where
    /// detail has been given back, up to 16 rows before it.
    pub fn first_costing(&self, calls: u64) -> u64 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.cost(middle) < calls as f64 { low = middle + 1 } else { high = middle }
        }
        if low <= self.thinned_rows() { low.saturating_sub(BLOCK) as u64 } else { low as u64 }
    }

    /// The phase at a row, or at the last one before it.
    pub fn phase(&self, row: usize) -> Phase {
        let later = self.phases.partition_point(|(from, _)| *from <= row);
        later.checked_sub(1).map_or(Phase::Starting, |place| self.phases[place].1)
    }

    /// The rows at which another phase begins, in order.
    pub fn phases(&self) -> &[(usize, Phase)] {
        &self.phases
    }

    /// The rows at which the threshold is crossed, in order.
    pub fn crossings(&self) -> &[(usize, Crossing)] {
        &self.crossings
    }

    /// The series of a quantity.
    pub fn series(&self, quantity: Quantity) -> &Series {
        &self.quantities[quantity as usize]
    }

    /// The series of the coordinates that are kept, in order.
    pub fn coordinates(&self) -> &[Series] {
        &self.coordinates
    }

    /// The series of the columns that the experiment asks for, in its order.
    pub fn asked(&self) -> &[Series] {
        &self.asked
    }

    /// Σ η of the steps before each row.
    pub fn time(&self) -> &Series {
        &self.time
    }

    /// The value of a quantity at a row (see [`Series::get`]).
    pub fn get(&self, quantity: Quantity, row: usize) -> Option<f64> {
        self.series(quantity).get(row)
    }

    /// The last value of a quantity that is known at a row or one of `reach` rows before it, and its
    /// row.
    pub fn last_known(&self, quantity: Quantity, row: usize, reach: usize) -> Option<(usize, f64)> {
        let rows = (row.saturating_sub(reach)..=row).rev();
        rows.into_iter().find_map(|row| Some((row, self.get(quantity, row).filter(|value| !value.is_nan())?)))
    }

    /// η at a row, where a step is taken there; on a last row without a step, the η of the step
    /// before.
    pub fn step_size(&self, row: usize) -> Option<f64> {
        self.at_or_before(Quantity::StepSize, row)
    }

    /// The threshold at a row, found like [`History::step_size`].
    pub fn threshold(&self, row: usize) -> Option<f64> {
        self.at_or_before(Quantity::Threshold, row)
    }

    /// Whether the threshold at a row is that of plain gradient descent, 2/η, and not a method's
    /// own.
    pub fn is_plain(&self, row: usize) -> bool {
        match (self.threshold(row), self.step_size(row)) {
            (Some(threshold), Some(eta)) => threshold == 2.0 / eta,
            _ => true,
        }
    }

    fn at_or_before(&self, quantity: Quantity, row: usize) -> Option<f64> {
        let value = |row| self.get(quantity, row).filter(|value| !value.is_nan());
        value(row).or_else(|| value(row.checked_sub(1)?))
    }

    /// Rows whose detail has been given back.
    pub fn thinned_rows(&self) -> usize {
        self.quantities[0].thinned_rows()
    }

    /// Gives back the oldest detail; `false` when there is none left to give.
    pub fn thin(&mut self) -> bool {
        let mut thinned = true;
        self.all().for_each(|series| thinned &= series.thin());
        thinned
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        let series = self.quantities.iter().chain(&self.coordinates).chain(&self.asked).chain([&self.time]);
        let marks = size_of_val(&*self.phases) + size_of_val(&*self.crossings);
        series.map(Series::bytes).sum::<usize>() + marks
    }
}

#[cfg(test)]
mod tests {
    use flatland_engine::phase::Sighting;

    use super::*;
    use crate::protocol::mark;

    /// A batch of one row with these quantities, this phase and this coordinate.
    fn row(first: u64, quantities: [f64; QUANTITIES], sighting: Sighting, x: f64) -> Batch {
        let columns = quantities.into_iter().chain([mark(sighting), x]).collect();
        Batch { run: 0, generation: 0, first, rows: 1, coordinates: 1, columns }
    }

    fn calm(phase: Phase) -> Sighting {
        Sighting { phase, crossing: None }
    }

    #[test]
    fn columns_go_to_their_series() {
        let mut columns = Vec::new();
        for quantity in 0..QUANTITIES + 4 {
            columns.extend([quantity as f64, quantity as f64 + 0.5]);
        }
        let mut history = History::default();
        history.append(&Batch { run: 0, generation: 0, first: 0, rows: 2, coordinates: 2, columns });
        assert_eq!(history.len(), 2);
        assert_eq!(history.get(Quantity::Sharpness, 1), Some(2.5));
        assert_eq!(history.coordinates().len(), 2);
        assert_eq!(history.coordinates()[1].get(0), Some((QUANTITIES + 2) as f64));
        assert_eq!(history.asked()[0].get(1), Some((QUANTITIES + 3) as f64 + 0.5));
    }

    #[test]
    fn phases_and_crossings_are_found_and_forgotten_with_their_rows() {
        let mut history = History::default();
        let phases = [Phase::Starting, Phase::BelowTheEdge, Phase::BelowTheEdge, Phase::AboveTheEdge];
        for (step, phase) in (0..).zip(phases) {
            let crossing = (step == 3).then_some(Crossing::Up);
            history.append(&row(step, [1.0; QUANTITIES], Sighting { phase, crossing }, 0.0));
        }
        assert_eq!(history.phases(), [(0, Phase::Starting), (1, Phase::BelowTheEdge), (3, Phase::AboveTheEdge)]);
        assert_eq!([0, 2, 3, 9].map(|row| history.phase(row)), [phases[0], phases[2], phases[3], phases[3]]);
        assert_eq!(history.crossings(), [(3, Crossing::Up)]);
        history.truncate(3);
        assert_eq!(history.phase(9), Phase::BelowTheEdge);
        assert_eq!(history.crossings(), []);
    }

    /// Σ η of the steps before a row, batch by batch, also after a cut; a last row without a step
    /// adds nothing.
    #[test]
    fn time_is_the_sum_of_the_steps_before() {
        let mut history = History::default();
        let append = |history: &mut History, eta: f64| {
            let mut quantities = [1.0; QUANTITIES];
            quantities[Quantity::StepSize as usize] = eta;
            history.append(&row(history.len() as u64, quantities, calm(Phase::Starting), 0.0));
        };
        [0.5, 0.25, 2.0].into_iter().for_each(|eta| append(&mut history, eta));
        history.truncate(2);
        [4.0, f64::NAN, 8.0].into_iter().for_each(|eta| append(&mut history, eta));
        let time: Vec<_> = (0..6).map(|row| history.time().get(row)).collect();
        assert_eq!(time, [Some(0.0), Some(0.5), Some(0.75), Some(4.75), Some(4.75), None]);
    }

    #[test]
    fn a_last_row_without_a_step_shows_the_threshold_of_the_step_before() {
        let mut history = History::default();
        let mut quantities = [1.0; QUANTITIES];
        quantities[Quantity::Threshold as usize] = 2.0;
        history.append(&row(0, quantities, calm(Phase::Starting), 0.0));
        quantities[Quantity::Threshold as usize] = f64::NAN;
        history.append(&row(1, quantities, calm(Phase::Starting), 0.0));
        assert_eq!(history.threshold(1), Some(2.0));
        assert_eq!(history.threshold(2), None);
    }
}
