# La page « Créer des organisations et inviter des membres »

manage-organizations-heading = Créer des organisations et inviter des membres
manage-organizations-about =
    Certaines applications laissent leurs utilisateurs créer des équipes. Elles appellent alors l’API de gestion de
    Logto avec leur propre jeton, après avoir vérifié les droits de l’utilisateur.

## Créer

manage-organizations-create = Créer une organisation
manage-organizations-create-what-html =
    La fonction serveur vérifie le nom, crée l’organisation, et y ajoute l’utilisateur comme <code>admin</code> : pour
    Logto, le créateur n’est pas membre. En cas d’échec, l’organisation est supprimée.
manage-organizations-create-refresh-html =
    La session contient les revendications du dernier renouvellement. <code>refresh_organizations</code> les met à jour,
    pour que le sélecteur et les conditions connaissent aussitôt la nouvelle organisation.
manage-organizations-create-tip-html =
    Le jeton est celui d’une application machine à machine avec le rôle <strong>Logto Management API access</strong>.
    Votre modèle d’organisation doit avoir le rôle <code>member</code> avec la permission <code>read:members</code>, et
    le rôle <code>admin</code> avec <code>read:members</code> et <code>write:members</code>.
manage-organizations-name = Nom de l’organisation
manage-organizations-create-button = Créer l’organisation

## Membres et invitations

manage-organizations-team = Membres et invitations
manage-organizations-team-check-html =
    Le jeton de l’application peut modifier toutes les organisations du tenant. Les fonctions serveur vérifient donc
    d’abord l’utilisateur : avec <code>organization_scopes_of</code>, elles demandent à Logto les permissions qu’il a en
    ce moment dans l’organisation que nomme le formulaire. Les revendications et les jetons de la session peuvent dater
    d’une heure, et connaîtraient encore un administrateur exclu. Un formulaire écrit à la main reçoit le statut 403.
manage-organizations-team-roles-html =
    Un administrateur donne ce rôle à d’autres membres avec <code>assign_organization_roles</code>, et exclut des
    membres avec <code>remove_organization_member</code>. Le dernier administrateur garde son rôle. Les fonctions
    serveur cherchent l’identifiant du formulaire parmi les membres de l’organisation.
manage-organizations-team-mail-html =
    Cette application n’envoie pas d’e-mail : transmettez le lien vous-même. Avec un connecteur d’e-mail,
    <code>resend_invitation</code> charge Logto de l’envoi. Le lien contient l’identifiant de l’invitation : elle doit
    exister avant l’envoi.
manage-organizations-invitations = Invitations en attente
manage-organizations-no-invitations = Aucune invitation n’est en attente.
manage-organizations-email = Adresse e-mail
manage-organizations-invite = Inviter
manage-organizations-revoke = Révoquer
manage-organizations-make-admin = Nommer administrateur
manage-organizations-take-admin = Retirer le rôle admin
manage-organizations-remove = Exclure
manage-organizations-may-not-invite =
    Vous voyez les membres de cette organisation. Seuls les membres avec la permission write:members peuvent inviter.
manage-organizations-none-active = Aucune organisation n’est active. Choisissez-en une, ou créez-en une.

## La page d’une invitation

manage-organizations-page = La page d’une invitation
manage-organizations-page-what-html =
    Le lien mène à <code>/invitations/:id</code>. <code>Protect</code> envoie un visiteur chez Logto, où il se connecte
    ou s’inscrit avant de revenir au même lien. Un bouton accepte l’invitation. Le lien seul ne change rien, car les
    filtres de messagerie ouvrent les liens.
manage-organizations-page-other-html =
    Logto n’accepte l’invitation que pour l’utilisateur qui a l’adresse e-mail invitée. Un autre utilisateur ne voit ni
    l’adresse ni l’organisation, et peut se connecter avec un autre compte : avec <code>Prompt::Login</code>, Logto lui
    demande de se connecter.
manage-organizations-page-token =
    Un utilisateur qui a rejoint l’organisation n’a pas à se reconnecter. La page montre aussitôt un jeton de
    l’organisation.

## Quitter

manage-organizations-leave = Quitter ou supprimer une organisation
manage-organizations-leave-what-html =
    <code>remove_organization_member</code> reçoit l’identifiant de l’utilisateur connecté, jamais un identifiant venu
    du navigateur. Le dernier administrateur ne peut pas partir : il nomme d’abord un autre administrateur, ou supprime
    l’organisation.
manage-organizations-leave-delete-html =
    <code>delete_organization</code> a son propre bouton. La suppression n’est possible que sans autre membre ni
    invitation en attente, pour que personne ne rejoigne une organisation au moment où elle disparaît.
manage-organizations-leave-tokens =
    Un jeton d’organisation émis auparavant reste valable jusqu’à son expiration : une heure au plus, avec le réglage
    par défaut de Logto.
manage-organizations-leave-button = Quitter { $organization }
manage-organizations-delete-button = Supprimer { $organization }
manage-organizations-back = Retour aux organisations

## Problèmes

manage-organizations-not-set-up = Cette application ne peut pas encore gérer les organisations
manage-organizations-not-set-up-advice-html =
    Donnez à <code>LOGTO_MANAGEMENT_APP_ID</code> et à <code>LOGTO_MANAGEMENT_APP_SECRET</code> l’identifiant et le
    secret d’une application machine à machine qui a le rôle <strong>Logto Management API access</strong>. Puis
    redémarrez l’application.
manage-organizations-error-name = Saisissez un nom de 128 caractères au plus.
manage-organizations-error-name-taken = Vous êtes déjà dans une organisation de ce nom.
manage-organizations-error-too-many = Vous êtes dans trop d’organisations pour en créer une autre.
manage-organizations-error-email = Saisissez une adresse e-mail.
manage-organizations-error-invited = Une invitation est déjà en attente pour cette adresse. Renvoyez son lien.
manage-organizations-error-many-invitations =
    L’organisation a trop d’invitations en attente. Révoquez-en une avant d’en envoyer d’autres.
manage-organizations-error-member = Un membre a cette adresse e-mail, ou Logto n’accepte pas l’adresse.
manage-organizations-error-closed = Cette invitation n’est plus en attente.
manage-organizations-error-other-account = Cette invitation est destinée à un autre compte.
manage-organizations-error-last-admin =
    L’organisation a besoin d’un administrateur. Nommez d’abord un autre membre, ou supprimez l’organisation.
manage-organizations-error-not-empty =
    Excluez les autres membres et révoquez les invitations en attente avant de supprimer l’organisation.
manage-organizations-error-no-member = Cet utilisateur n’est plus membre de l’organisation.
manage-organizations-error-unavailable = Logto est injoignable. Réessayez dans un instant.
manage-organizations-error-refused = Logto a refusé l’appel. Le journal de l’application en donne la raison.
manage-organizations-error-forbidden = Vous n’avez pas la permission de faire cela dans l’organisation.
