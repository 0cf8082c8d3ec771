# La page pour une adresse inconnue.

not-found-title = Page introuvable
not-found-heading = Cette page n’existe pas
not-found-advice = L’adresse est peut-être mal saisie, ou la page a été déplacée.
not-found-home = Retour à la page d’accueil
