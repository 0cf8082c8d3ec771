//! The cause of a sign-out that the visitor did not ask for.

use std::time::Duration;

use super::ledger::{Book, End, Issued};
use crate::{
    growth::longest_save,
    instance::{Death, Process},
    journal::{FaultKind, FaultWindow, Second, Target},
};

/// The time between an answer of the provider and its save, without a fault, in addition to the time
/// that a save takes.
const SAVE: Duration = Duration::from_secs(1);
/// How long before the death of a process its saves are evidence of how long one takes.
const RECENTLY: Duration = Duration::from_secs(10);
/// How long the request of a dead process may travel to the provider.
const IN_FLIGHT: Duration = Duration::from_secs(1);
/// How long a process may take to notice that the network or the store is back, and to save: the
/// timeout of a query, the pause before the next one, and the save.
const BACK: Duration = Duration::from_secs(7);
/// How long after the end of a network fault an answer may still be lost.
const NETWORK_IS_BACK: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// SIGKILL hit the process that had the rotated token before it could save it.
    KilledBetweenRotationAndSave,
    /// A network fault lost the answer with the rotated token.
    AnswerLost,
    /// The provider has refused no token of this sign-in: the app has lost the session.
    SessionLost,
    /// The grant has ended for none of these reasons. The facts.
    Unexplained(String),
}

/// The facts of a run, besides the tokens.
pub(crate) struct Facts<'a> {
    pub(crate) deaths: &'a [Death],
    pub(crate) faults: &'a [FaultWindow],
    /// The metrics of the instances, from which the time of a save is known.
    pub(crate) seconds: &'a [Second],
}

impl Facts<'_> {
    /// Finds the cause of the end of a grant of a visitor who signed in at `since`.
    pub(crate) fn cause(&self, book: &Book, visitor: u32, since: Duration) -> Cause {
        let reuse = book.ends.values().find_map(|end| match end {
            End::Reused { token, at, by } if *at >= since => {
                let issued = book.tokens.get(token)?;
                (issued.visitor == visitor).then_some((issued, *at, *by))
            }
            _ => None,
        });
        let Some((issued, at, by)) = reuse else {
            return Cause::SessionLost;
        };
        let successors = issued.successors.iter().filter_map(|token| book.tokens.get(token));
        let causes: Vec<_> = successors.map(|lost| self.cause_of(lost, at, by)).collect();
        // Each of the tokens that replaced it has to be lost for a reason.
        let unexplained = causes.iter().find(|cause| matches!(cause, Cause::Unexplained(_)));
        let last = unexplained.or(causes.last()).cloned();
        last.unwrap_or_else(|| Cause::Unexplained("no token has replaced the refused one".to_owned()))
    }

    /// The reason why a token never reached the store.
    fn cause_of(&self, lost: &Issued, refused: Duration, by: Process) -> Cause {
        if lost.is_presented {
            return self.unexplained("its successor was used", lost, refused, by);
        }
        if self.is_killed_before_save(lost) {
            Cause::KilledBetweenRotationAndSave
        } else if self.is_lost_in_the_network(lost, refused) {
            Cause::AnswerLost
        } else {
            self.unexplained("its successor was never used", lost, refused, by)
        }
    }

    fn is_killed_before_save(&self, lost: &Issued) -> bool {
        let Some(death) = self.death_of(lost).filter(|death| death.is_kill) else {
            return false;
        };
        let Some(answered) = lost.answered else {
            return true;
        };
        // Meanwhile the answer is on its way, or the process keeps the token and cannot save it.
        let number = lost.holder.instance;
        let on_the_way = [Target::Store, Target::ToStore(number), Target::ToProvider(number)];
        let mut faults = self.faults.iter().filter(|fault| on_the_way.contains(&fault.target));
        let was_away = faults.any(|fault| {
            fault.overlaps(answered, death.at, Duration::ZERO) && fault.overlaps(death.at, death.at, BACK)
        });
        let from = death.at.saturating_sub(RECENTLY);
        let save = longest_save(self.seconds, number, from, death.at).unwrap_or_default();
        death.at <= answered + SAVE + save || was_away
    }

    /// The end of the process that had asked for the token.
    fn death_of(&self, lost: &Issued) -> Option<&Death> {
        let mut deaths = self.deaths.iter();
        deaths.find(|death| death.process == lost.holder && death.at + IN_FLIGHT >= lost.at)
    }

    fn is_lost_in_the_network(&self, lost: &Issued, refused: Duration) -> bool {
        let loses = [FaultKind::Reset, FaultKind::HalfOpen];
        let until = lost.answered.map_or(refused, |answered| answered + NETWORK_IS_BACK);
        let mut faults = self
            .faults
            .iter()
            .filter(|fault| fault.target == Target::ToProvider(lost.holder.instance) && loses.contains(&fault.kind));
        faults.any(|fault| fault.overlaps(lost.at, until, Duration::ZERO))
    }

    fn unexplained(&self, reason: &str, lost: &Issued, refused: Duration, by: Process) -> Cause {
        let death = self.death_of(lost);
        Cause::Unexplained(format!(
            "{reason}: rotated at {:.3} s for instance {} (process {}, answered {:?}, its end {:?}), refused at {:.3} s for \
             instance {} (process {})",
            lost.at.as_secs_f64(),
            lost.holder.instance + 1,
            lost.holder.generation,
            lost.answered,
            death.map(|death| (death.at, death.is_kill)),
            refused.as_secs_f64(),
            by.instance + 1,
            by.generation,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLDER: Process = Process {
        instance: 0,
        generation: 1,
    };
    const OTHER: Process = Process {
        instance: 1,
        generation: 1,
    };

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// A token that was rotated at 10 s, and refused at 20 s.
    fn book(answered: Option<f64>) -> Book {
        let mut book = Book::default();
        book.sign_in("a", 7, HOLDER, seconds(1.0));
        book.rotate("a", "b", HOLDER, seconds(10.0));
        if let Some(answered) = answered {
            book.answer("b", seconds(answered));
        }
        book.refuse("a", OTHER, seconds(20.0));
        book
    }

    fn cause(book: &Book, deaths: &[Death], faults: &[FaultWindow]) -> Cause {
        let facts = Facts {
            deaths,
            faults,
            seconds: &[],
        };
        facts.cause(book, 7, seconds(1.0))
    }

    fn killed(at: f64) -> [Death; 1] {
        [Death {
            process: HOLDER,
            at: seconds(at),
            is_kill: true,
        }]
    }

    fn fault(kind: FaultKind, target: Target, start: f64, end: f64) -> [FaultWindow; 1] {
        [FaultWindow {
            kind,
            target,
            start: seconds(start),
            end: Some(seconds(end)),
        }]
    }

    fn is_unexplained(cause: &Cause) -> bool {
        matches!(cause, Cause::Unexplained(_))
    }

    #[test]
    fn a_kill_explains_a_lost_token_only_before_the_save() {
        assert_eq!(
            cause(&book(Some(10.0)), &killed(10.2), &[]),
            Cause::KilledBetweenRotationAndSave
        );
        assert_eq!(
            cause(&book(None), &killed(15.0), &[]),
            Cause::KilledBetweenRotationAndSave
        );
        assert!(is_unexplained(&cause(&book(Some(10.0)), &killed(12.0), &[])));
        assert!(is_unexplained(&cause(&book(Some(10.0)), &killed(8.0), &[])));
        assert!(is_unexplained(&cause(&book(Some(10.0)), &[], &[])));
    }

    #[test]
    fn a_process_that_ends_by_sigterm_has_to_save_its_tokens() {
        let mut deaths = killed(10.2);
        deaths[0].is_kill = false;
        assert!(is_unexplained(&cause(&book(Some(10.0)), &deaths, &[])));
    }

    #[test]
    fn a_kill_while_the_store_is_away_comes_before_the_save() {
        let away = |start, end| fault(FaultKind::StoreRestart, Target::Store, start, end);
        let book = book(Some(10.0));
        assert_eq!(
            cause(&book, &killed(15.0), &away(9.0, 14.0)),
            Cause::KilledBetweenRotationAndSave
        );
        assert!(is_unexplained(&cause(&book, &killed(19.0), &away(9.0, 11.0))));
        assert!(is_unexplained(&cause(&book, &killed(15.0), &away(5.0, 8.0))));
    }

    #[test]
    fn a_reset_between_provider_and_holder_explains_a_lost_token() {
        let reset = |instance, start| fault(FaultKind::Reset, Target::ToProvider(instance), start, start + 1.0);
        assert_eq!(cause(&book(Some(10.0)), &[], &reset(0, 9.5)), Cause::AnswerLost);
        assert!(is_unexplained(&cause(&book(Some(10.0)), &[], &reset(1, 9.5))));
        assert!(is_unexplained(&cause(&book(Some(10.0)), &[], &reset(0, 13.0))));
    }

    #[test]
    fn a_second_use_without_a_lost_token_is_unexplained() {
        let mut book = book(Some(10.0));
        book.present("b");
        assert!(is_unexplained(&cause(&book, &killed(10.2), &[])));
    }

    #[test]
    fn every_replacement_has_to_be_lost_for_a_reason() {
        let mut book = Book::default();
        book.sign_in("a", 7, HOLDER, seconds(1.0));
        book.rotate("a", "b", HOLDER, seconds(10.0));
        book.rotate("a", "c", OTHER, seconds(11.0));
        book.answer("c", seconds(11.0));
        book.refuse("a", OTHER, seconds(20.0));
        assert!(is_unexplained(&cause(&book, &killed(10.2), &[])));
    }

    #[test]
    fn an_earlier_sign_in_explains_nothing() {
        let facts = Facts {
            deaths: &killed(10.2),
            faults: &[],
            seconds: &[],
        };
        assert_eq!(facts.cause(&book(Some(10.0)), 7, seconds(30.0)), Cause::SessionLost);
        assert_eq!(facts.cause(&book(Some(10.0)), 8, seconds(1.0)), Cause::SessionLost);
    }
}
