//! Maps on the graphics card.

use std::time::Instant;

use flatland_gpu::{Check, Gpu, GpuError, Kernel, can_resolve, check};
use flatland_host::map::Canvas;
use indicatif::ProgressBar;
use pollster::block_on;

use super::speed;

/// Pixels that are computed before the picture takes them in.
const BLOCK: usize = 1 << 20;

/// Pixels that are computed again in double precision.
const SAMPLE: usize = 1_000;

/// Computes pixels on the graphics card, and returns those that it did not.
pub fn fill<'a>(canvas: &mut Canvas, work: &'a [u32], bar: &ProgressBar, ways: &mut Vec<String>) -> &'a [u32] {
    let opened = block_on(async {
        let gpu = Gpu::open().await?;
        let kernel = gpu.prepare(&canvas.plan).await?;
        Ok::<_, GpuError>((gpu, kernel))
    });
    let (gpu, kernel) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            ways.push(format!("{error}: computed on the processor"));
            return work;
        }
    };
    let since = Instant::now();
    let mut found = Check::default();
    let mut done = 0;
    let trouble = run(canvas, &kernel, work, bar, &mut found, &mut done);
    let card = gpu.adapter();
    if done > 0 {
        let speed = speed(canvas.steps, since);
        ways.push(format!("{done} runs on {card} in single precision: {speed}"));
        let Check { differing, compared } = found;
        ways.push(format!("{differing} of {compared} sampled pixels fare differently in double precision"));
        let (columns, rows) = canvas.picture.size();
        let map = &canvas.plan.map;
        if !can_resolve(&map.x, columns) || !can_resolve(&map.y, rows) {
            ways.push(
                "neighboring pixels are too near each other for single precision: without --gpu they are told apart"
                    .to_owned(),
            );
        }
    }
    if let Err(error) = trouble {
        ways.push(format!("{error}: the rest was computed on the processor"));
    }
    &work[done..]
}

fn run(
    canvas: &mut Canvas,
    kernel: &Kernel,
    work: &[u32],
    bar: &ProgressBar,
    found: &mut Check,
    done: &mut usize,
) -> Result<(), GpuError> {
    for block in work.chunks(BLOCK) {
        let points: Vec<_> = block.iter().map(|pixel| canvas.point(*pixel)).collect();
        let pixels = block_on(kernel.run(&points))?;
        canvas.put(block, &pixels);
        let share = (SAMPLE * block.len()).div_ceil(work.len());
        let more = check(&canvas.plan, &points, &pixels, share);
        found.compared += more.compared;
        found.differing += more.differing;
        *done += block.len();
        bar.inc(block.len() as u64);
    }
    Ok(())
}
