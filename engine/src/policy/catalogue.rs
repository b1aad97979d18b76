//! The list of policies, in groups.

use super::line_search::{self, classical};
use super::{
    Entry, adagrad_norm, adgd, armijo, barzilai_borwein, cdat, clipped, constant, dog, exact_line_search, expression,
    gd_polyak, goldstein, l0_l1, motion, normalized, polyak, schedule, sharpness, sps_max, sqrt_loss, strongly_adapted,
    wolfe,
};
use crate::spec::grouped_catalogue;

grouped_catalogue! {
    "Constant step": constant::ENTRY;
    "Line searches of the paper":
        line_search::nonmonotone::ENTRY,
        line_search::capped::ENTRY,
        line_search::polyak::ENTRY,
        line_search::monotone::ENTRY;
    "Other line searches":
        line_search::no_tune::ENTRY,
        line_search::ponos::ENTRY,
        classical::GRIPPO_LAMPARIELLO_LUCIDI,
        classical::ZHANG_HAGER,
        armijo::ENTRY,
        armijo::STOCHASTIC_ENTRY,
        goldstein::ENTRY,
        wolfe::ENTRY,
        exact_line_search::ENTRY;
    "Polyak steps":
        polyak::ENTRY,
        sps_max::ENTRY,
        gd_polyak::ENTRY;
    "From the curvature":
        sharpness::ENTRY,
        cdat::ENTRY,
        barzilai_borwein::ENTRY,
        classical::GLOBAL_BARZILAI_BORWEIN,
        adgd::ENTRY,
        adgd::FIRST_ENTRY,
        strongly_adapted::ENTRY;
    "From the size of the gradients":
        normalized::ENTRY,
        clipped::ENTRY,
        l0_l1::ENTRY,
        sqrt_loss::ENTRY,
        adagrad_norm::ENTRY,
        dog::ENTRY;
    "Schedules":
        schedule::decay::ENTRY,
        schedule::warmup::ENTRY,
        schedule::gd_warmup::ENTRY,
        schedule::cyclic::ENTRY,
        schedule::silver::ENTRY,
        schedule::long_steps::ENTRY;
    "Momentum, perturbed gradients, flows":
        motion::heavy_ball::ENTRY,
        motion::nesterov::ENTRY,
        motion::sam::ENTRY,
        motion::gradient_flow::ENTRY,
        motion::central_flow::ENTRY;
    "Your own": expression::ENTRY;
}

/// All policies, in the order to show them.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    CATALOGUE
}

/// The same in groups of a kind, each with a title.
pub fn groups() -> impl Iterator<Item = (&'static str, &'static [Entry])> {
    crate::spec::groups(CATALOGUE, GROUPS)
}

/// The policy with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.description.name == name)
}
