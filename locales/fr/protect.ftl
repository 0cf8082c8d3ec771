# Comment protéger une page, et les pages protégées.

protect-heading = Protéger une page
protect-about =
    Une page peut exiger un utilisateur, un utilisateur avec un rôle, ou une preuve récente de son identité. C’est le
    cas de cinq pages de cette application. Ouvrez-les comme visiteur, comme utilisateur et comme manager, et comparez.

## Une page pour les utilisateurs connectés

protect-member = Une page pour les utilisateurs connectés
protect-member-text-html =
    <code>Protect</code> décide sur le serveur, avant l’envoi de la page. Un utilisateur connecté voit le contenu.
    Un visiteur est envoyé chez Logto, et revient à la même adresse après la connexion.
protect-member-open = Ouvrir la page des utilisateurs
protect-member-about =
    Seuls les utilisateurs connectés voient cette page. Une fonction serveur a refait la vérification, puis
    renvoyé votre identifiant.

## Une page pour un rôle

protect-manager = Une page pour un rôle
protect-manager-text-html =
    <code>role("manager")</code> exige un rôle. Un utilisateur qui ne l’a pas voit la raison, avec le statut 403.
    Il n’y a pas de connexion dans ce cas, car elle ne servirait à rien.
protect-manager-role-html =
    Les rôles sont dans le jeton d’identifiant si l’application demande la portée <code>roles</code>. Attribuez-les
    dans la console Logto, sous <strong>Roles</strong>. Ils s’appliquent avec le prochain jeton d’identifiant :
    après une nouvelle connexion, ou en moins d’une heure.
protect-manager-demo-html = Parmi les utilisateurs de démonstration, <code>ada</code> a ce rôle ; <code>bob</code> et <code>cleo</code> ne l’ont pas.
protect-manager-open = Ouvrir la page des managers
protect-manager-about =
    Seuls les utilisateurs avec le rôle manager voient le contenu de cette page : leur identifiant, renvoyé par une
    fonction serveur qui a refait la vérification. Les autres voient un message à la place.
protect-back = Retour à Protéger une page

## Preuve supplémentaire

protect-step-up = Un second facteur, ou une connexion récente
protect-step-up-text-html =
    Certaines pages demandent plus qu’une session. <code>signed_in().acr(Acr::Mfa)</code> renvoie vers Logto un
    utilisateur qui s’est connecté avec un mot de passe ; Logto ne demande alors que le second facteur.
    <code>signed_in().within(…)</code> redemande les identifiants s’ils ont été saisis il y a trop longtemps. Ensuite,
    l’utilisateur est de nouveau sur la même page, paramètres de l’URL compris.
protect-step-up-old =
    Depuis la version 1.46, Logto demande un second facteur à la demande d’une application. Un serveur plus ancien
    ignore l’exigence ; l’application le remarque au retour. La page reste alors fermée, et il n’y a pas de boucle.
protect-step-up-none-html =
    Un utilisateur sans second facteur arrive sur la page des connexions échouées, avec le code
    <code>unmet_authentication_requirements</code>, et reste connecté. Il peut en configurer un dans son compte
    Logto, puis réessayer.
protect-step-up-demo-html =
    Parmi les utilisateurs de démonstration, <code>ada</code> a un second facteur : le code <code>123456</code>.
    <code>bob</code> et <code>cleo</code> n’en ont pas.
protect-step-up-now = Votre connexion
protect-step-up-refresh =
    Un renouvellement donne de nouveaux jetons, mais pas de nouvelle preuve : un jeton d’identifiant renouvelé ne
    compte jamais plus que la connexion.
protect-second-factor = Une page qui demande un second facteur
protect-second-factor-open = Ouvrir la page avec second facteur
protect-second-factor-about =
    Seuls les utilisateurs qui ont confirmé par un second facteur voient cette page. Une fonction serveur a refait la
    vérification, puis renvoyé la façon dont vous vous êtes connecté.
protect-recent = Une page qui demande une connexion récente
protect-recent-open = Ouvrir la page avec connexion récente
protect-recent-about =
    Seuls les utilisateurs qui ont saisi leurs identifiants dans les cinq dernières minutes voient cette page. Une
    fonction serveur a refait la vérification, puis renvoyé la façon dont vous vous êtes connecté.
protect-sales = Une API qui demande un second facteur
protect-sales-open = Appeler l’API qui demande un second facteur
protect-sales-about = Tout utilisateur connecté voit cette page. Ses données viennent d’une API qui exige un second facteur.
protect-sales-text-html =
    Une API exige un second facteur avec <code>AccessTokenRules::with_acr</code>. Elle répond 401, avec un en-tête qui
    nomme l’exigence (RFC 9470). <code>step_up_challenge</code> le lit, et la fonction serveur la renvoie comme
    <code>AuthError</code>.
protect-sales-proof =
    La page a alors un bouton pour la connexion que l’API exige. Ensuite, l’utilisateur est de nouveau sur la même
    page, et l’application a de nouveaux jetons que l’API accepte.
protect-sales-confirm = Confirmer mon identité

## La vérification qui compte

protect-check = La vérification qui compte
protect-check-why-html =
    <code>Protect</code> ne fait que cacher du contenu. Une fonction serveur a sa propre adresse, et tout programme
    peut l’appeler. Vérifiez donc là où les données sont lues, avec <code>require_user</code> ou
    <code>require</code>.
protect-check-error-html =
    Si la vérification échoue, la fonction serveur répond 401 ou 403. La page reçoit une <code>AuthError</code>,
    avec un message dans la langue du visiteur et un code stable.
protect-check-more-html =
    Une condition peut aussi nommer une organisation, <code>organization("acme").role("admin")</code>, et exiger une
    preuve en même temps, <code>role("manager").acr(Acr::Mfa)</code>. <code>or</code> combine deux conditions.

## Qui voit quoi

protect-who = Qui voit quoi
protect-who-text =
    Les statuts de cette application, pour les pages et pour les fonctions serveur derrière elles. Le statut 303
    mène à la connexion.
protect-request = Requête
protect-visitor = Visiteur
protect-user = Utilisateur
protect-role = Manager
protect-you = vous

## Lectures complémentaires

protect-read-roles = Contrôle d’accès basé sur les rôles
protect-read-organizations = Permissions d’organisation
