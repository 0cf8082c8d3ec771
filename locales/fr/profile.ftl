# Les revendications de l’utilisateur, les portées qui les apportent, et userinfo.

profile-heading = Profil
profile-about =
    Logto décrit l’utilisateur à votre application par des revendications : un nom, une adresse e-mail, des rôles.
    Cette page montre les vôtres, d’où chacune provient, et comment en demander davantage.

## Revendications et portées

profile-meaning = Revendications et portées
profile-meaning-claim-html =
    Une <strong>revendication</strong> (claim) est une affirmation sur l’utilisateur, comme <code>email</code> ou
    <code>roles</code>. La revendication <code>sub</code> est l’identifiant de l’utilisateur : elle ne change
    jamais, utilisez-la comme clé dans votre base de données.
profile-meaning-scope-html =
    Une <strong>portée</strong> (scope) est un groupe de revendications que l’application demande lors de la
    connexion. Logto n’envoie que les revendications des portées demandées : une application n’apprend que ce
    dont elle a besoin.
profile-meaning-always-html =
    Trois portées sont toujours demandées : <code>openid</code> pour l’identifiant de l’utilisateur,
    <code>profile</code> pour le nom et la photo, et <code>offline_access</code> pour un jeton de rafraîchissement.

## Revendications par portée

profile-by-scope = Vos revendications par portée
profile-by-scope-text = Le tableau groupe les revendications par portée. Il indique où chaque valeur a été trouvée : dans le jeton d’identifiant, dans userinfo, ou dans les deux.
profile-claim = Revendication
profile-value = Valeur
profile-place = Trouvée dans
profile-scope = Portée
profile-requested = demandée
profile-not-requested = non demandée
profile-none = Vous n’avez aucune de ces revendications :
profile-would-add = Elle ajouterait :
profile-in-both = les deux
profile-in-id-token = jeton d’identifiant
profile-in-user-info = userinfo
profile-nowhere = –
profile-times-html =
    <code>created_at</code> et <code>updated_at</code> sont en millisecondes. Les dates du jeton lui-même, comme
    <code>iat</code> et <code>exp</code>, sont en secondes.

## Plus de portées

profile-more = Demander plus de portées
profile-more-why = Une revendication manque si sa portée n’est pas demandée, ou si l’utilisateur n’a pas cette valeur.
profile-more-how-html =
    Énumérez les portées dans la configuration, avec <code>with_scopes</code> ou dans la variable
    <code>LOGTO_SCOPES</code>. Elles s’appliquent dès la prochaine connexion.
profile-more-now = Cette application demande :

## Userinfo

profile-user-info = Les revendications de userinfo
profile-user-info-why-html =
    Certaines revendications ne sont pas dans le jeton d’identifiant, car elles peuvent être volumineuses :
    <code>custom_data</code>, <code>identities</code>, <code>sso_identities</code> et
    <code>organization_data</code>. Le serveur les lit au point de terminaison userinfo de Logto si le code le
    demande avec <code>with_user_info(true)</code>.
profile-user-info-cost-html =
    Userinfo est une requête réseau : ne la faites que là où une page en a besoin. Une revendication utile à
    toutes les pages peut être ajoutée au jeton d’identifiant : choisissez-la dans la console Logto, sous
    <strong>Custom ID token</strong>.
profile-user-info-signed-out = Connectez-vous pour voir vos revendications.

## Lectures complémentaires

profile-read-custom = Jetons d’identifiant personnalisés
profile-read-collect = Collecter le profil des utilisateurs
