# La page « Quand Logto est absent »

logto-away-heading = Quand Logto est indisponible
logto-away-about =
    Logto peut être injoignable un moment : un déploiement, un incident réseau, une panne. Les utilisateurs connectés
    continuent de travailler. Une erreur passagère ne déconnecte jamais personne.

logto-away-now = Votre session en ce moment
logto-away-now-how =
    La session contient tout ce qu’une page doit savoir de vous, et les jetons d’accès déjà obtenus. Jusqu’à leur
    expiration, une page qui n’utilise qu’eux n’a besoin d’aucune réponse de Logto.
logto-away-answers = Logto répond en ce moment.
logto-away-no-answer = Logto ne répond pas en ce moment.
logto-away-token = Jeton
logto-away-expires = Expire

logto-away-works = Ce qui continue de fonctionner
logto-away-works-why =
    L’application ne demande à Logto que ce qu’elle n’a pas. Elle conserve les sessions, les revendications, les
    jetons et les clés de signature.
logto-away-row-what = Fonctionnalité
logto-away-row-without = Sans Logto
logto-away-row-works = Fonctionne
logto-away-row-unavailable = Indisponible
logto-away-row-pages = Les pages des utilisateurs connectés, avec les dernières revendications connues
logto-away-row-tokens = Les jetons d’accès de la session, jusqu’à leur expiration
logto-away-row-api = Les API qui vérifient des jetons, avec les clés en cache
logto-away-row-sign-out = La déconnexion de cette application
logto-away-row-refresh = Le renouvellement des jetons expirés
logto-away-row-user-info = Userinfo
logto-away-row-sign-in = Les nouvelles connexions

logto-away-states = Ce que voit l’utilisateur
logto-away-states-how-html =
    L’en-tête de la page affiche l’état de la session, avec <code>use_session()</code>. L’état est le même sur le
    serveur et dans un îlot.
logto-away-state-active = Le jeton d’identifiant est valide, ou vient d’être renouvelé.
logto-away-state-refreshing-html =
    Le jeton d’identifiant a expiré, et Logto n’a pas répondu. L’utilisateur est <strong>toujours connecté</strong>.
    La page suivante essaie de nouveau.
logto-away-state-sign-in-needed-html =
    Logto a répondu : la connexion a pris fin, car elle a expiré ou a été révoquée. Seule
    <strong>une nouvelle connexion</strong> y remédie.

logto-away-errors = Distinguer une erreur passagère d’une erreur définitive
logto-away-errors-kind-html =
    Une fonction qui échoue renvoie une <code>AuthError</code>. Son <code>kind</code> indique ce que l’utilisateur
    peut faire. Pour une erreur passagère, c’est <code>Unavailable</code>, et la fonction serveur répond avec le
    statut 503.
logto-away-errors-back-off-html =
    <code>retry_after</code> est le délai demandé par Logto, s’il en a demandé un. Après un échec, la session attend
    avant d’interroger Logto de nouveau. Jusque-là, elle renvoie aussitôt la même erreur : une application très
    visitée ne surcharge pas Logto.
logto-away-ask-how =
    Demandez à Logto un nouveau jeton. S’il répond, le jeton du tableau ci-dessus expire plus tard. Sinon, l’erreur
    s’affiche ici, et vous restez connecté.
logto-away-ask = Interroger Logto
logto-away-tip-html =
    Une connexion qui échoue mène à la page d’erreur, que <code>with_error_path</code> définit. Elle indique quand
    réessayer. Le chemin de retour est conservé : après la tentative suivante, l’utilisateur arrive sur la page qu’il
    voulait.
