//! Userinfo (OIDC Core §5.3).

use http::{Request, StatusCode, header};

use crate::{
    claims::UserInfo,
    client::LogtoClient,
    error::{RequestError, UserInfoError},
    http::check_status,
    telemetry::Endpoint,
    token::AccessToken,
};

impl LogtoClient {
    /// Fetches the claims about a user with the opaque access token, and checks that they are about
    /// `sub`.
    ///
    /// # Errors
    ///
    /// [`UserInfoError::InvalidToken`] if the provider rejects the token, which it always does with
    /// a token for a resource; [`UserInfoError::SubjectMismatch`] if the response is about another
    /// user.
    #[doc(alias = "fetchUserInfo")]
    pub async fn user_info(&self, access_token: &AccessToken, sub: &str) -> Result<UserInfo, UserInfoError> {
        let metadata = self.metadata().await?;
        let request = Request::get(metadata.userinfo_endpoint.as_str())
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, access_token.authorization())
            .body(Vec::new())
            .map_err(|_| RequestError::InvalidResponse("the access token"))?;
        let response = check_status(self.send(Endpoint::UserInfo, request).await?)?;
        match response.status() {
            StatusCode::OK => parse_user_info(response.body(), sub),
            StatusCode::UNAUTHORIZED => Err(UserInfoError::InvalidToken),
            other => Err(RequestError::UnexpectedStatus(other.as_u16()).into()),
        }
    }
}

fn parse_user_info(body: &[u8], sub: &str) -> Result<UserInfo, UserInfoError> {
    let user_info: UserInfo = serde_json::from_slice(body).map_err(|_| RequestError::InvalidResponse("userinfo"))?;
    if user_info.sub == sub {
        Ok(user_info)
    } else {
        Err(UserInfoError::SubjectMismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_user_info_about_another_user() {
        assert_eq!(
            parse_user_info(br#"{"sub":"u2"}"#, "u1").unwrap_err(),
            UserInfoError::SubjectMismatch
        );
        assert_eq!(parse_user_info(br#"{"sub":"u1"}"#, "u1").unwrap().sub, "u1");
    }

    #[test]
    fn rejects_user_info_without_a_subject() {
        assert!(matches!(
            parse_user_info(br#"{"name":"Ada"}"#, "u1"),
            Err(UserInfoError::Request(_))
        ));
    }

    #[test]
    fn claims_that_only_userinfo_has_are_parsed() {
        let body =
            br#"{"sub":"u1","custom_data":{"plan":"pro"},"identities":{"github":{"userId":"7"}},"sso_identities":null,
            "organization_data":[{"id":"o1","name":"One","description":null}]}"#;
        let user_info = parse_user_info(body, "u1").unwrap();
        assert_eq!(user_info.custom_data.unwrap()["plan"], "pro");
        assert_eq!(user_info.identities["github"]["userId"], "7");
        assert_eq!(user_info.organization_data[0].name, "One");
    }
}
