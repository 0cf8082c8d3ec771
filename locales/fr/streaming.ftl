# La page « Streaming »

streaming-heading = Streaming
streaming-about =
    Les autres pages sont envoyées quand elles sont complètes. Celle-ci est envoyée en flux : le navigateur affiche
    aussitôt son début, et la partie lente suit à sa place.

streaming-first = Envoyer la page avant de connaître ses données
streaming-first-route-html =
    La route choisit la façon d’envoyer une page. Avec <code>SsrMode::InOrder</code>, le serveur envoie la page de
    haut en bas, et n’attend que là où des données manquent. JavaScript n’est pas nécessaire.
streaming-first-resource-html =
    La ressource est une simple <code>Resource</code>. <code>Resource::new_blocking</code> retiendrait toute la
    page.
streaming-late = Un jeton qui arrive tard
streaming-late-sent = Le texte ci-dessus était en route vers le navigateur avant que ce jeton ne soit demandé :
streaming-saved = Pourquoi le jeton est enregistré plus tard
streaming-saved-why =
    La session est dans un cookie, et les cookies se définissent dans l’en-tête d’une réponse. Quand ce jeton est
    renouvelé, l’en-tête est déjà parti. Il est trop tard pour un cookie.
streaming-saved-how =
    Le serveur garde le nouveau jeton pendant une heure. La réponse suivante au même navigateur l’enregistre : aucun
    renouvellement n’est perdu. Si le serveur redémarre entre-temps, la page suivante renouvelle de nouveau le jeton.
streaming-tip-html =
    Avec un stockage de sessions, comme Redis, le jeton est enregistré aussitôt, car le cookie ne contient que
    l’identifiant de la session. Avec des cookies, choisissez <code>SsrMode::Async</code> ou une ressource bloquante
    pour une page qui demande un jeton de toute façon.
streaming-read-resources = Ressources API
