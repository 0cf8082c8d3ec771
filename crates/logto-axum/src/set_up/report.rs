//! The findings for code of the app, and for crates that integrate this one into a framework.

use std::sync::Once;

use logto::Diagnose as _;

use crate::{error::SessionError, logto::Logto, set_up::finding::SetUpFinding, stderr::print_without_subscriber};

impl Logto {
    /// Returns the problems of the set-up that are known so far: parts that the app forgot, and the
    /// findings of the last check.
    ///
    /// ```
    /// # fn example(logto: &logto_axum::Logto) {
    /// for finding in logto.set_up_findings() {
    ///     eprintln!("{finding}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn set_up_findings(&self) -> Vec<SetUpFinding> {
        self.shared.findings.all()
    }

    /// Logs a finding as an error, once; for crates that integrate this one into a framework.
    #[doc(hidden)]
    pub fn report(&self, finding: SetUpFinding) {
        self.shared.findings.add(finding);
    }

    /// Logs once in this process that requests do not pass through the layer.
    #[doc(hidden)]
    pub fn report_missing_layer() {
        static REPORTED: Once = Once::new();
        let error = SessionError::LayerMissing;
        REPORTED.call_once(|| {
            tracing::error!(
                code = error.code(),
                "pages render as for a signed-out visitor, and handlers have no session: {error}"
            );
            print_without_subscriber(&error);
        });
    }

    /// Whether a layer knows the server functions.
    #[doc(hidden)]
    #[must_use]
    pub fn knows_server_functions(&self) -> bool {
        self.shared.findings.knows_functions()
    }
}
