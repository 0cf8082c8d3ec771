# La page « Organisations »

organizations-heading = Organisations
organizations-about =
    Pour les applications dont les clients sont des entreprises ou des équipes. Un utilisateur est membre
    d’organisations, et peut avoir des rôles différents dans chacune. Un jeton pour une organisation contient les
    permissions de l’utilisateur dans cette organisation.

## L'organisation active

organizations-active = L’organisation active
organizations-active-what-html =
    <code>OrganizationSwitcher</code> affiche un bouton pour chaque organisation de l’utilisateur. C’est un
    formulaire : il fonctionne sans JavaScript, ne charge pas de wasm, et revient à la page. En dessous se trouve
    l’identifiant de l’organisation active, ou <code>None</code> pour le compte personnel.
organizations-active-how-html =
    La session conserve le choix. Un jeton ne concerne l’organisation active que si le code le demande, avec
    <code>TokenTarget::active_organization</code> ou <code>TokenTarget::in_active_organization</code>. Si
    l’utilisateur quitte l’organisation, elle n’est plus active.
organizations-none = Vous n’êtes dans aucune organisation
organizations-none-join-html =
    <a href="/organizations/manage">Créez-en une</a>, ou ajoutez l’utilisateur à une organisation dans la console Logto,
    puis reconnectez-vous.
organizations-none-scope-html =
    L’application ne demande pas les organisations. Ajoutez <code>urn:logto:scope:organizations</code> à ses
    portées, puis reconnectez-vous.

## Jetons d'organisation

organizations-tokens = Obtenir un jeton d’organisation
organizations-tokens-scope-html =
    La connexion demande la portée <code>urn:logto:scope:organizations</code>. Ensuite,
    <code>organization_token</code> renvoie un jeton pour une organisation, et <code>organization_tokens</code> un
    jeton pour chacune. Userinfo connaît les noms des organisations et les rôles de l’utilisateur.
organizations-tokens-kinds-html =
    Comme pour les ressources API, le jeton vient <strong>avec la page</strong>
    (<code>getOrganizationTokenRSC</code> dans le SDK pour Next.js) ou <strong>par une action</strong>.
organizations-tip =
    Dans Next.js, un jeton renouvelé par un composant serveur est perdu, car il est trop tard pour un cookie. Ici,
    le jeton est enregistré avec l’en-tête de la réponse. Pendant le streaming d’une page, c’est la réponse suivante
    qui l’enregistre.
organizations-id = Identifiant
organizations-description = Description
organizations-roles = Vos rôles
organizations-no-value = néant
organizations-on-page = Avec la page
organizations-by-action = Par une action
organizations-get = Obtenir un jeton d’organisation

## Une API des organisations

organizations-api = Appeler une API de l’organisation
organizations-api-what-html =
    Cette application a une API qui sert toutes les organisations. Ses jetons ne demandent pas de ressource API :
    leur audience est l’organisation, <code>urn:logto:organization:…</code>.
organizations-api-check-html =
    L’API vérifie la portée <code>read:members</code>, et choisit ses données d’après l’organisation du jeton. Un
    membre d’une organisation ne voit donc jamais les données d’une autre.
organizations-called-for = Pour l’organisation active, ou votre première tant qu’aucune n’est active :
organizations-api-forbidden =
    L’API a refusé l’appel : la portée read:members manque au jeton, ou l’utilisateur n’est pas dans l’organisation.

## Une ressource dans une organisation

organizations-resource = Utiliser une ressource API dans une organisation
organizations-resource-what-html =
    Une ressource API peut aussi servir des organisations. <code>in_organization</code> demande un jeton dont
    l’audience est la ressource, et qui nomme l’organisation dans la revendication <code>organization_id</code>.
organizations-resource-permissions =
    Les permissions viennent des rôles dans l’organisation. Elles peuvent différer de celles que l’utilisateur a
    sans organisation.

## Créer et inviter

organizations-manage = Créer des organisations et inviter des membres
organizations-manage-what-html =
    Jusqu’ici, un administrateur ajoutait les utilisateurs dans la console Logto. Une application peut aussi créer
    elle-même des organisations et inviter des membres, avec l’API de gestion de Logto :
    <a href="/organizations/manage">voir comment</a>.
organizations-manage-open = Créer et inviter

## Pour aller plus loin

organizations-read-template = Modèle d’organisation
organizations-read-permissions = Permissions d’organisation
organizations-read-resources = Ressources API des organisations
organizations-read-experience = Sélecteur d’organisation
