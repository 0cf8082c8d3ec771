//! A private certificate authority, and a server certificate that it signed.

use logto_testing::StoreTls;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

pub(crate) fn for_this_machine() -> StoreTls {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    // OpenSSL takes a certificate for self-signed if it has the name of its issuer.
    params.distinguished_name.push(DnType::CommonName, "authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let names = ["localhost", "127.0.0.1"].map(str::to_owned);
    let params = CertificateParams::new(names).unwrap();
    StoreTls {
        certificate: params.signed_by(&key, &issuer).unwrap().pem(),
        key: key.serialize_pem(),
        authority,
    }
}
