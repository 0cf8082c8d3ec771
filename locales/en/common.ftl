# The frame of every page, and what several pages share.

site-name = Logto quick start for Leptos
site-home = Logto quick start for Leptos, home
site-tagline = quick start for Leptos
site-description = A live quick start: sign in with Logto, and see every step of the integration at work beside its code.
site-skip = Skip to the content
language-label = Language

## Steps

steps-label = Steps
step-overview = Overview
step-set-up = Set up
step-sign-in = Sign in
step-protect = Protect a page
step-profile = Profile
step-resources = API resources
step-organizations = Organizations
step-account = Account
step-sessions = Sessions
step-streaming = Streaming
step-logto-away = When Logto is away
step-position = Step { $step } of { $count }
step-next = Next: { $step }

## Parts of a page

page-contents = On this page
page-further-readings = Read more
page-tip = Tip

## Code

code-copy = Copy
code-copied = Copied

## Account and session

account-sign-out = Sign out
account-continue = Continue with Logto
session-label = Session:
session-active = Active
session-active-explained = You are signed in.
session-refreshing = Refreshing
session-refreshing-explained = You are signed in. The provider cannot be reached to renew the claims.
session-no-access = No access
session-no-access-explained = You currently have no access to this app.
session-sign-in-needed = Sign-in needed
session-sign-in-needed-explained = The sign-in has ended: sign in again.
session-signed-out = Signed out
session-signed-out-explained = There is no session.

## Times. The time of day is in 24 hours.

time-absolute = { $day } { time-month } { $year }, { $clock } UTC
time-month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
time-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
time-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
time-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
time-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

## Problems

problem-code = Code:
problem-try-again = Try again
problem-sign-in-first = Sign in to see this
problem-sign-in-first-advice = This part shows your data. You come back to this page after the sign-in.
problem-no-permission = No permission
problem-no-permission-advice =
    Logto refused the token. The user is not a member, lacks a permission, or has not set up the second
    factor that the organization requires; or the tenant’s script for custom claims denied it.
