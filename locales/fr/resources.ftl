# La page « Ressources API »

resources-heading = Ressources API
resources-about =
    Votre API est une ressource dans Logto. Le serveur obtient pour elle un jeton d’accès, et l’envoie à chaque
    appel. Le navigateur reçoit la réponse, pas le jeton.

## Ce qu'est une ressource API

resources-what = Qu’est-ce qu’une ressource API ?
resources-what-identifier-html =
    Vous enregistrez une API dans la console Logto, sous « Ressources API ». Son <strong>identifiant</strong> est
    une adresse comme <code>https://products.example.com/api</code>. Les jetons d’accès pour l’API l’ont comme
    audience, dans la revendication <code>aud</code> : un jeton pour une API ne fonctionne pas auprès d’une autre.
resources-what-permissions-html =
    L’API a des <strong>permissions</strong>, comme <code>read:products</code>. Vous attribuez des permissions aux
    rôles, et des rôles aux utilisateurs : c’est le contrôle d’accès basé sur les rôles (RBAC). Un jeton d’accès
    contient les permissions de son utilisateur, sous forme de <strong>portées</strong>.

## Configuration

resources-configure = Configurer les ressources
resources-configure-how-html =
    Indiquez les ressources avec <code>with_resources</code>, ou dans <code>LOGTO_RESOURCES</code>, séparées par des
    espaces. Indiquez leurs permissions comme portées. Une connexion les demande toutes à la fois. Chaque appel
    remplace la liste précédente : indiquez toutes les portées de l’application dans une seule.
resources-shared-html =
    Ressources et portées forment deux listes, car OAuth combine chaque portée avec chaque ressource (RFC 8707).
    Deux API peuvent partager un nom : <code>read</code> est alors une permission de chacune.
resources-ignored-html =
    Une portée qu’une ressource n’a pas, ou que les rôles de l’utilisateur ne contiennent pas, est ignorée : la
    connexion réussit, et la portée manque au jeton. Une <strong>ressource</strong> inconnue n’est pas ignorée : la
    connexion échoue avec <code>invalid_target</code>.
resources-configured = Ressources de cette application
resources-requested = Portées d’une connexion
resources-none = Aucune ressource API n’est configurée
resources-none-advice-html =
    Enregistrez-en une dans la console Logto, sous « Ressources API », écrivez son identifiant dans
    <code>LOGTO_RESOURCES</code>, redémarrez l’application et reconnectez-vous.

## Jetons d'accès

resources-token = Obtenir un jeton d’accès
resources-token-cached-html =
    <code>access_token</code> renvoie le jeton de la session tant qu’il est valide. Quand il a expiré, le jeton de
    rafraîchissement en obtient un autre.
resources-token-page-html =
    <strong>Avec la page.</strong> Une ressource bloquante (<code>Resource</code>) obtient le jeton pendant le rendu
    de la page, sur le serveur. Dans le SDK pour Next.js, c’est <code>getAccessTokenRSC</code>. Son équivalent est
    ici <code>access_token_ssr</code>, un alias de <code>access_token</code>.
resources-token-action-html =
    <strong>Par une action.</strong> Un bouton appelle une fonction serveur, qui obtient le jeton. Sans JavaScript,
    le bouton envoie un formulaire.
resources-tip =
    Une réponse ne peut définir de cookies que dans son en-tête. Dans Next.js, un composant serveur s’exécute trop
    tard : son nouveau jeton est perdu, et la page suivante le renouvelle de nouveau. Préférez-y les actions.
resources-tip-here =
    Ici, les deux façons conservent le jeton. Une ressource bloquante se termine avant l’envoi de l’en-tête. Pendant
    le streaming d’une page, le serveur garde un nouveau jeton pendant une heure, et la réponse suivante l’enregistre.
    Avec un stockage de sessions, il est enregistré aussitôt.
resources-on-page = Avec la page
resources-by-action = Par une action
resources-get = Obtenir un jeton d’accès

## La carte d'un jeton

resources-card = Montrer un jeton sans le révéler
resources-card-view-html =
    Un jeton n’atteint jamais le navigateur. <code>TokenView</code> contient ce qu’une page peut montrer : audience,
    portées, expiration, et si le jeton vient d’être renouvelé. <code>with_claims</code> ajoute les revendications
    décodées du jeton.
resources-card-opaque =
    Les jetons pour les ressources API et les organisations sont des JWT. Un jeton pour userinfo est opaque : il n’a
    pas de revendications à décoder.

## Appels de l'API

resources-call = Appeler l’API
resources-call-how-html =
    La première ressource est une API de ce site. Le serveur envoie le jeton dans l’en-tête
    <code>Authorization</code>. La lecture demande la portée <code>read:products</code>, l’ajout d’un produit
    <code>write:products</code>.
resources-product-name = Nom d’un nouveau produit
resources-product-add = Appeler POST /api/products
resources-api-forbidden =
    L’API a refusé l’appel : une portée manque au jeton. La lecture demande read:products, l’ajout d’un produit
    write:products.
resources-api-invalid =
    L’API n’a pas accepté le produit : il lui faut un nom de 60 caractères au plus, et la liste compte au plus 100
    produits.
resources-api-unreachable = L’API n’a pas répondu. Réessayez plus tard.

## L'API

resources-protect = Protéger l’API
resources-protect-how =
    L’API vérifie la signature du jeton, son émetteur, son audience, son expiration et sa portée. Les clés de Logto
    sont mises en cache : une vérification ne demande aucune requête.
resources-protect-answers-html =
    Un appel sans jeton valide reçoit le statut 401, et un appel sans la portée 403. Essayez :
    <a href="/api/products">ouvrez l’API</a> dans le navigateur, qui n’envoie pas de jeton.
resources-protect-router-html =
    Les gestionnaires ont la structure <code>Api</code> comme état. Les fonctions serveur trouvent la même structure
    dans leur contexte, où <code>leptos_routes_with_context</code> la place.
resources-read-rbac = Contrôle d’accès basé sur les rôles
resources-read-resources = Ressources API
resources-read-validate = Valider les jetons d’accès
resources-read-opaque = Jetons opaques
resources-read-claims = Revendications de jetons personnalisées
