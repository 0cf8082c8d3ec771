# Comment protéger une page, et les deux pages protégées.

protect-heading = Protéger une page
protect-about =
    Une page peut exiger un utilisateur, ou un utilisateur avec un rôle. C’est le cas de deux pages de cette
    application. Ouvrez-les comme visiteur, comme utilisateur et comme manager, et comparez.

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
    Une condition peut aussi nommer une organisation, <code>organization("acme").role("admin")</code>, une connexion
    récente, <code>signed_in().within(…)</code>, ou un second facteur, <code>signed_in().acr(Acr::Mfa)</code>.
    <code>or</code> combine deux conditions.

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
