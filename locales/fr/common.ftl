# Le cadre de toutes les pages, et ce que plusieurs pages partagent.

site-name = Logto avec Leptos, démarrage rapide
site-home = Logto avec Leptos, démarrage rapide : accueil
site-tagline = avec Leptos, démarrage rapide
site-description =
    Un guide de démarrage interactif : connectez-vous avec Logto, et voyez chaque étape de l’intégration à côté de
    son code.
site-skip = Aller au contenu
language-label = Langue

## Étapes

steps-label = Étapes
step-overview = Vue d’ensemble
step-set-up = Installation
step-sign-in = Connexion
step-protect = Protéger une page
step-profile = Profil
step-resources = Ressources API
step-organizations = Organisations
step-account = Compte
step-sessions = Sessions
step-streaming = Streaming
step-logto-away = Quand Logto est indisponible
step-position = Étape { $step } sur { $count }
step-next = Suite : { $step }

## Parties d'une page

page-contents = Sur cette page
page-further-readings = Lectures complémentaires
page-tip = Astuce

## Code

code-copy = Copier
code-copied = Copié

## Compte et session

account-sign-out = Se déconnecter
account-continue = Continuer avec Logto
session-label = Session :
session-active = Active
session-active-explained = Vous êtes connecté.
session-refreshing = À renouveler
session-refreshing-explained =
    Vous êtes connecté, mais le fournisseur est injoignable : les revendications n’ont pas pu être renouvelées.
session-no-access = Sans accès
session-no-access-explained = Vous ne pouvez pas utiliser cette application pour le moment.
session-sign-in-needed = Connexion requise
session-sign-in-needed-explained = La connexion a pris fin : reconnectez-vous.
session-signed-out = Non connecté
session-signed-out-explained = Il n’y a pas de session.

## Dates et durées.

time-absolute =
    { $day ->
        [1] 1er
       *[other] { $day }
    } { time-month } { $year } à { $clock } UTC
time-month =
    { $month ->
        [1] janvier
        [2] février
        [3] mars
        [4] avril
        [5] mai
        [6] juin
        [7] juillet
        [8] août
        [9] septembre
        [10] octobre
        [11] novembre
       *[12] décembre
    }
time-seconds =
    { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }
time-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
time-hours =
    { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
time-days =
    { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }

## Problèmes

problem-code = Code :
problem-try-again = Réessayer
problem-sign-in-first = Connectez-vous pour voir ce contenu
problem-sign-in-first-advice = Cette partie affiche vos données. Vous reviendrez à cette page après la connexion.
problem-no-permission = Permission manquante
problem-no-permission-advice =
    Logto a refusé le jeton. L’utilisateur n’est pas membre, n’a pas la permission nécessaire, ou n’a pas
    configuré le second facteur exigé par l’organisation. Il se peut
    aussi que le script du tenant pour les claims personnalisées l’ait refusé.
