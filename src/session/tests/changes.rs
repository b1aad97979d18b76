//! What becomes of a change, by where in time it is made: nothing is called by what it was not
//! computed with.

use super::*;

/// A run that goes on to the budget, and one that diverges after a few steps.
const ESCAPE: &str = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1]},"start":[1],"steps":200,
    "stop":{"loss":1e6,"gradient_norm":0},"runs":[{"policy":{"name":"constant","eta":0.01}},{"policy":{"name":"constant","eta":3}}]}"#;

fn change(bench: &mut Bench, run: usize, eta: f64) -> Effect {
    bench.session.set_policy(run, constant(eta)).expect("valid")
}

/// Lets so many seconds pass, in frames.
fn pass(bench: &mut Bench, seconds: f64) {
    for _ in 0..(seconds * 20.0) as usize {
        bench.session.tick(0.05);
        bench.work();
    }
}

/// Expects every recorded row of every run to be what its document says.
fn expect_honest(bench: &Bench) {
    for run in 0..bench.session.runs().len() {
        let losses = bench.losses(run);
        assert_eq!(losses, computed_alone(bench.session.experiment(), run, losses.len()), "run {run}");
    }
}

#[test]
fn a_change_after_the_end_begins_everything_again_with_it_and_plays() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    let other = bench.losses(1);
    assert_eq!(change(&mut bench, 0, 0.3), Effect::Restart);
    assert_eq!((bench.session.step(), bench.session.frontier(), bench.session.is_playing()), (0, 0, true));
    let experiment = bench.session.experiment();
    assert_eq!((experiment.runs[0].policy.number("eta"), experiment.runs[0].changes.len()), (0.3, 0));
    assert_eq!(bench.losses(1), other, "what was computed of the others stays");
    pass(&mut bench, 12.0);
    assert_eq!((bench.session.step(), bench.session.is_playing()), (300, false));
    expect_honest(&bench);
    // Playing again throws nothing away.
    bench.session.set_playing(true);
    assert_eq!((bench.session.step(), bench.session.policy(0).number("eta")), (0, 0.3));
}

#[test]
fn a_slider_dragged_after_the_end_leaves_one_policy_and_no_mark() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    for eta in [0.51, 0.52, 0.53, 0.54, 0.55] {
        assert_eq!(change(&mut bench, 0, eta), Effect::Restart);
        pass(&mut bench, 0.7);
        assert!(bench.session.step() > 20);
    }
    assert_eq!(bench.session.experiment().runs[0].changes, []);
    assert_eq!(bench.session.policy(0).number("eta"), 0.55);
    // Later on a change is one in mid-run again.
    pass(&mut bench, 1.5);
    let step = bench.session.step();
    assert_eq!(change(&mut bench, 0, 0.4), Effect::From(step));
    assert_eq!(bench.session.going_on(), None);
    bench.work();
    expect_honest(&bench);
}

#[test]
fn instead_of_a_restart_the_runs_can_go_on_from_the_end_with_twice_the_steps() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    let before = [bench.losses(0), bench.losses(1)];
    for eta in [0.2, 0.3] {
        change(&mut bench, 0, eta);
        pass(&mut bench, 0.2);
    }
    assert_eq!(bench.session.going_on(), Some((300, 600)));
    assert_eq!(bench.session.go_on(), Ok(true));
    assert_eq!(bench.session.going_on(), None);
    let run = &bench.session.experiment().runs[0];
    assert_eq!((run.policy.number("eta"), run.changes.len(), run.changes[0].step), (0.5, 1, 300));
    assert_eq!(run.changes[0].policy.number("eta"), 0.3);
    bench.work();
    assert_eq!(bench.session.step(), 300);
    pass(&mut bench, 12.0);
    assert_eq!((bench.session.step(), bench.session.is_playing()), (600, false));
    for (run, losses) in before.iter().enumerate() {
        assert_eq!(bench.losses(run)[..=300], losses[..]);
    }
    expect_honest(&bench);
    assert_eq!(bench.session.go_on(), Ok(false), "there is nothing to go on from");
}

#[test]
fn going_on_leaves_out_runs_that_more_steps_would_not_move() {
    let mut bench = Bench::new(ESCAPE);
    bench.go_to(200);
    change(&mut bench, 1, 0.5);
    assert_eq!(bench.session.going_on(), None, "a run that has diverged cannot go on");
    change(&mut bench, 0, 0.02);
    assert_eq!(bench.session.going_on(), Some((200, 400)));
    assert_eq!(bench.session.go_on(), Ok(true));
    let runs = &bench.session.experiment().runs;
    assert_eq!((runs[0].changes.len(), runs[1].changes.len()), (1, 0));
    assert_eq!(runs[1].policy.number("eta"), 0.5);
    pass(&mut bench, 10.0);
    expect_honest(&bench);
}

#[test]
fn every_other_edit_withdraws_the_offer_to_go_on() {
    let edits: [fn(&mut Session); 4] = [
        |session| assert!(session.remove_run(1)),
        |session| session.add_run(Spec::new("armijo")).expect("valid"),
        |session| session.set_budget(100, false).expect("valid"),
        |session| session.reset(),
    ];
    for edit in edits {
        let mut bench = Bench::new(RIVER);
        bench.go_to(300);
        change(&mut bench, 0, 0.3);
        assert!(bench.session.going_on().is_some());
        edit(&mut bench.session);
        assert_eq!(bench.session.going_on(), None);
    }
}

#[test]
fn a_run_that_was_over_begins_again_alone_while_others_go_on() {
    let mut bench = Bench::new(ESCAPE);
    bench.go_to(100);
    let end = bench.session.runs()[1].end.clone().expect("it has diverged");
    assert!(end.kind == EndKind::Diverged && end.step < 100);
    let other = bench.losses(0);
    assert_eq!(change(&mut bench, 1, 2.5), Effect::Alone(end.step));
    // The slider goes on before the run has caught up.
    assert_eq!(change(&mut bench, 1, 1.5), Effect::From(0));
    bench.work();
    let run = &bench.session.experiment().runs[1];
    assert_eq!((run.policy.number("eta"), run.changes.len()), (1.5, 0));
    assert_eq!((bench.session.step(), bench.session.frontier(), bench.session.is_playing()), (100, 100, false));
    assert!(bench.losses(1).len() > 100);
    assert_eq!(bench.losses(0), other);
    expect_honest(&bench);
}

#[test]
fn a_run_whose_policy_had_no_step_goes_on_from_there_with_another() {
    // From step 20 on the rule is 0, which is no step.
    let json = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1]},"start":[1],"steps":100,
        "runs":[{"policy":{"name":"expression","expression":"0.01*relu(20 - k)"}}]}"#;
    let mut bench = Bench::new(json);
    bench.session.seek(100);
    bench.work();
    let end = bench.session.runs()[0].end.clone().expect("it is over");
    assert_eq!((end.kind, end.step, bench.session.step()), (EndKind::Stalled, 20, 20));
    assert_eq!(change(&mut bench, 0, 0.5), Effect::From(20));
    assert!(bench.session.is_playing(), "a change after the end starts something");
    assert_eq!(change(&mut bench, 0, 0.6), Effect::From(20));
    pass(&mut bench, 5.0);
    assert_eq!(bench.session.experiment().runs[0].changes.len(), 1);
    assert!(bench.session.step() > 20);
    expect_honest(&bench);
}

#[test]
fn a_policy_that_would_have_come_after_the_end_is_not_in_force() {
    let json = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1]},"start":[1],"steps":100,"stop":{"loss":1e6},
        "runs":[{"policy":{"name":"constant","eta":3},"changes":[{"step":60,"policy":{"name":"constant","eta":0.1}}]},
            {"policy":{"name":"constant","eta":0.01}}]}"#;
    let mut bench = Bench::new(json);
    bench.go_to(80);
    assert_eq!(bench.session.policy(0).number("eta"), 3.0);
    assert_eq!(panels::label(&bench.session, 0), "η = 3");
}

#[test]
fn an_invalid_policy_after_the_end_is_refused_and_time_stands() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(300);
    let before = (bench.session.experiment().clone(), bench.losses(0));
    assert!(bench.session.set_policy(0, constant(-1.0)).is_err());
    assert_eq!((bench.session.step(), bench.session.frontier(), bench.session.is_playing()), (300, 300, false));
    assert_eq!((bench.session.experiment().clone(), bench.losses(0)), before);
    assert_eq!(bench.session.going_on(), None);
}

#[test]
fn a_flow_beside_a_run_follows_its_changes() {
    let mut bench = Bench::new(RIVER);
    bench.go_to(80);
    change(&mut bench, 0, 0.3);
    bench.work();
    bench.go_to(150);
    bench.session.set_policy(0, Spec::new("armijo")).expect("valid");
    bench.work();
    bench.go_to(200);
    bench.session.add_flow(0, "central-flow").expect("valid");
    bench.work();
    let flow = &bench.session.experiment().runs[2];
    assert_eq!((flow.policy.name.as_str(), flow.policy.number("eta")), ("central-flow", 0.5));
    let changes: Vec<(u64, &str)> =
        flow.changes.iter().map(|change| (change.step, change.policy.name.as_str())).collect();
    assert_eq!(changes, [(80, "central-flow"), (150, "armijo")]);
    assert_eq!(flow.changes[0].policy.number("eta"), 0.3);
    // Its edge is the run's own, before the change and after it.
    let edges = |run: usize| [79, 80, 149].map(|row| bench.session.runs()[run].history.threshold(row));
    assert_eq!(edges(2), edges(0));
    assert!(bench.losses(2).len() > 200);
    expect_honest(&bench);
}
