//! What can go wrong with a graphics card.

/// Why a map was not computed on the graphics card. What to do is the same each time: compute it
/// with [`flatland_atlas::compute`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// There is none.
    #[error("no graphics card that can be computed with was found ({0})")]
    NoAdapter(String),

    /// It cannot be used.
    #[error("the graphics card \"{adapter}\" cannot be used: {reason}")]
    NoDevice {
        /// Its name.
        adapter: String,

        /// What it said.
        reason: String,
    },

    /// Only the engine can compute this map.
    #[error("this map has no shader: {0}")]
    EngineOnly(String),

    /// The driver did not take the shader, or a command.
    #[error("the graphics card refused a command: {0}")]
    Refused(String),

    /// Its memory is full.
    #[error("the graphics card has not enough memory for {bytes} bytes")]
    OutOfMemory {
        /// What was asked for.
        bytes: u64,
    },

    /// It was unplugged, reset, or taken away by the browser. A new [`crate::Gpu`] may be had.
    #[error("the graphics card was lost: {0}")]
    Lost(String),

    /// It does not answer.
    #[error("the graphics card has not answered for {seconds} seconds")]
    TimedOut {
        /// How long it was waited for.
        seconds: u32,
    },
}

impl GpuError {
    /// What an error of the device means, where `bytes` bytes were asked for.
    pub(crate) fn refused(error: wgpu::Error, bytes: u64) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::OutOfMemory { bytes },
            wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
                Self::Refused(description)
            }
        }
    }
}
