sign-in = Iniciar sesión
sign-out = Cerrar sesión
try-again = Reintentar
home-page = Volver a la página de inicio
code = Código: { $code }
redirect-uri = URI de redirección: { $uri }

account-menu = Menú de la cuenta
manage-account = Gestionar la cuenta
organizations = Organizaciones
personal-account = Cuenta personal

confirm-sign-in = Pulse el botón para continuar a la página de inicio de sesión.
confirm-sign-out = Pulse el botón para cerrar la sesión.
another-user = Ha iniciado sesión como { $user }, pero el enlace es para { $email }. Aquí no ha cambiado nada. Para usar el enlace, cierre la sesión y ábralo de nuevo.

unavailable = No disponible temporalmente
    .advice = Su sesión no se puede leer ni guardar en este momento. No se ha perdido nada: inténtelo de nuevo en unos segundos.

retry-in-a-second = Inténtelo de nuevo en un segundo.
retry-in-seconds = Inténtelo de nuevo en { $count } segundos.
retry-in-minutes = Inténtelo de nuevo en { $count ->
        [one] un minuto
       *[other] { $count } minutos
    }.
retry-in-hours = Inténtelo de nuevo en { $count ->
        [one] una hora
       *[other] { $count } horas
    }.

unknown-error = El inicio de sesión ha fallado
    .advice = Inicie sesión de nuevo. Si vuelve a ocurrir, avise al operador de este sitio.
no-permission = Sin permiso
    .advice = Su cuenta no puede hacer esto. Pida acceso al operador de este sitio o a un administrador de la organización.
sign-in-unfinished = No se pudo completar el inicio de sesión
    .advice = Este sitio no pudo preparar su sesión. Inténtelo de nuevo; si vuelve a ocurrir, avise al operador de este sitio.
sign-in-refused = El inicio de sesión fue rechazado
    .advice = Este sitio no aceptó su cuenta. Pida acceso a su operador.
not-in-organization = No pertenece a esta organización
    .advice = Elija una de sus organizaciones, o pida a su administrador que le añada.
no-active-organization = No hay ninguna organización elegida
    .advice = Elija primero una de sus organizaciones.
acting-ended = No actúa en nombre de otro usuario
    .advice = Ha terminado, o se acabó el tiempo. Elija de nuevo al usuario.
acting-refused = No puede actuar en nombre de este usuario
    .advice = Elija otro usuario. Si ya actúa en nombre de alguien, termine y elija de nuevo al usuario.
access-denied = No ha iniciado sesión
    .advice = El inicio de sesión se canceló, o su cuenta no puede usar esta aplicación. Inicie sesión de nuevo, o pida acceso.
transaction-expired = El inicio de sesión ha tardado demasiado
    .advice = No se completó a tiempo. Inicie sesión de nuevo para continuar a la página que quería.
transaction-missing = Este inicio de sesión no empezó aquí
    .advice = Empezó en otro navegador, ya se ha utilizado, o su cookie ha desaparecido. Empiece de nuevo en este navegador, con las cookies permitidas.
link-for-another-user = El enlace es para otra persona
    .advice = Ha iniciado sesión con otra cuenta. Aquí no ha cambiado nada. Para usar el enlace, cierre la sesión y ábralo de nuevo.
unsolicited-sign-in = El inicio de sesión no empezó aquí
    .advice = Por su seguridad, un inicio de sesión debe empezar en este sitio. Inicie sesión aquí. El operador puede hacer que el proveedor de identidad abra en su lugar la entrada de este sitio para el inicio de sesión único.
answer-untrusted = La respuesta no vino del servicio de inicio de sesión
    .advice = El inicio de sesión se detuvo por su seguridad. Empiece de nuevo; si vuelve a ocurrir, avise al operador de este sitio.
clocks-differ = Los relojes no coinciden
    .advice = Los relojes del servicio de inicio de sesión y de este sitio difieren. El operador de este sitio debe ajustar el reloj.
confirm-identity = Confirme su identidad
    .advice = Esta acción necesita una nueva prueba. Inicie sesión de nuevo.
authentication-too-weak = Se necesita un inicio de sesión más seguro
    .advice = No se pudo confirmar con un segundo factor, o su cuenta no tiene ninguno. Configure uno en su cuenta y vuelva a intentarlo.
app-access-denied = Ya no puede usar esta aplicación
    .advice = Pida acceso al operador de este sitio. Cuando lo tenga, vuelva a cargar la página; no hace falta iniciar sesión de nuevo.
sign-in-ended = La sesión ha terminado
    .advice = Inicie sesión de nuevo para continuar.
provider-unreachable = No se puede contactar con el servicio de inicio de sesión
    .advice = Probablemente sea temporal. Inténtelo de nuevo pronto.
provider-unexpected = El servicio de inicio de sesión dio una respuesta inesperada
    .advice = Inténtelo de nuevo. El operador de este sitio encontrará el motivo en el registro; `endpoint` debe ser la dirección de un servidor de Logto.
site-misconfigured = Este sitio no está bien configurado
    .advice = El operador debe comparar `app_id`, `app_secret`, la URI de redirección y los recursos con la consola de Logto.
account-too-large-organizations = Su cuenta es demasiado grande para este sitio
    .advice = Tiene más organizaciones y roles de los que caben en las cookies de este sitio. El operador de este sitio debe guardar las sesiones en un almacén.
account-too-large-custom-data = Su cuenta es demasiado grande para este sitio
    .advice = Tiene más datos personalizados de los que caben en las cookies de este sitio. El operador de este sitio debe guardar las sesiones en un almacén.
account-too-large-both = Su cuenta es demasiado grande para este sitio
    .advice = Tiene más organizaciones, roles y datos personalizados de los que caben en las cookies de este sitio. El operador de este sitio debe guardar las sesiones en un almacén.
account-too-large = Su cuenta es demasiado grande para este sitio
    .advice = Su perfil no cabe en las cookies de este sitio. El operador de este sitio debe guardar las sesiones en un almacén.
redirect-uri-not-registered = El servicio de inicio de sesión aún no conoce este sitio
    .advice = El operador debe registrar la URI de redirección de este sitio para la aplicación en la consola de Logto, exactamente como está escrita; también está en el registro.
store-unavailable = Las sesiones no se pueden leer ni guardar en este momento
    .advice = Probablemente sea temporal. Inténtelo de nuevo en unos segundos.
account-switched-off = Su cuenta no se puede mostrar aquí
    .advice = El operador debe activar la API de cuentas en la consola de Logto, en «Account center».
account-field-locked = Usted no puede cambiar esto
    .advice = El operador de este sitio no ha abierto esta parte de las cuentas. Pídale que la cambie.
account-not-here = Este sitio no puede hacer eso con su cuenta
    .advice = El operador de este sitio encontrará el motivo en el registro.
account-confirm = Confirme su identidad
    .advice = Esto requiere su contraseña, introducida en los últimos 10 minutos. Introdúzcala.
account-password-wrong = La contraseña es incorrecta
    .advice = Compruebe el teclado e inténtelo de nuevo.
account-code-wrong = El código es incorrecto o ha caducado
    .advice = Pida otro código e introdúzcalo pronto.
account-password-rejected = La nueva contraseña es demasiado débil
    .advice = Elija una más larga que no use en ningún otro sitio.
account-value-in-use = Este valor ya está en uso
    .advice = Elija otro.
account-too-many-attempts = Demasiados intentos
    .advice = Espere un momento antes de volver a intentarlo.
account-entry-gone = Esto ya no forma parte de su cuenta
    .advice = Ha terminado o se ha eliminado. Vuelva a cargar la página para ver la lista actual.
account-link-expired = La cuenta vinculada necesita un nuevo inicio de sesión
    .advice = Vincúlela de nuevo en los ajustes de su cuenta.
account-values-rejected = No se aceptaron sus cambios
    .advice = Compruebe los valores e inténtelo de nuevo.
invalid-parameter = El formulario de inicio de sesión tenía un valor no válido
    .advice = Vuelva a la página de la que venía e inicie sesión desde allí.
cross-site-request = La solicitud vino de otro sitio
    .advice = Por su seguridad, el inicio de sesión, el cierre de sesión y otros cambios deben empezar en este sitio. Abra su página de inicio e inténtelo de nuevo.
server-function-by-get = Solo las páginas de este sitio pueden llamar a esta función del servidor
    .advice = Otros sitios y enlaces en correos electrónicos no pueden hacerlo. Los desarrolladores de este sitio pueden permitirlo con `ServerFunctions::allow_get`.
body-too-large = La solicitud es demasiado grande
    .advice = Envíe menos. Los desarrolladores de este sitio pueden aumentar el límite (`ServerFunctions::with_body_limit`).
button-needed = Un inicio de sesión empieza con un botón
    .advice = Los scripts y las precargas no pueden iniciar una sesión. Abra la página y pulse el botón de inicio de sesión.

error-not-signed-in = Inicie sesión para continuar.
error-sign-in-needed = Su sesión ha terminado. Inicie sesión de nuevo.
error-step-up-needed = Confirme su identidad: inicie sesión de nuevo para continuar.
error-forbidden = Su cuenta no tiene permiso para esto.
error-access-denied = Su cuenta no puede usar esta aplicación en este momento.
error-unavailable = Esto no está disponible en este momento. Inténtelo de nuevo pronto.
error-internal = Algo ha fallado. Inténtelo de nuevo más tarde.
