package dev.ringlet.scheduler;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates for tests, in {@code tls/test.p12}, each signed by itself and valid until 2119:
 *
 * <pre>
 * keytool -genkeypair -keystore test.p12 -storetype PKCS12 -storepass ringlet -keyalg EC
 *     -groupname secp256r1 -startdate 2020/01/01 -validity 36500 and
 *   -alias a -dname CN=a.example -ext san=dns:a.example,dns:localhost,ip:127.0.0.1
 *   -alias b -dname CN=b.example -ext san=dns:b.example
 *   -alias client -dname CN=client
 * </pre>
 */
final class TlsKeys {
  static final String A = "a";
  static final String B = "b";
  static final String CLIENT = "client";

  private static final char[] PASSWORD = "ringlet".toCharArray();
  private static final KeyStore ALL;

  static {
    // The JDK changes the keys of a connection after so much data; read once, before the first use.
    Security.setProperty(
        "jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^21, ChaCha20-Poly1305 KeyUpdate 2^21");
    try (InputStream in = TlsKeys.class.getResourceAsStream("/tls/test.p12")) {
      ALL = KeyStore.getInstance("PKCS12");
      ALL.load(Objects.requireNonNull(in, "tls/test.p12"), PASSWORD);
    } catch (IOException | GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private TlsKeys() {}

  /** A context that has some keys and trusts some certificates. */
  static SSLContext context(List<String> keys, List<String> trusted) {
    try {
      KeyStore own = store();
      for (String alias : keys) {
        own.setKeyEntry(
            alias, ALL.getKey(alias, PASSWORD), PASSWORD, ALL.getCertificateChain(alias));
      }
      KeyStore others = store();
      for (String alias : trusted) {
        others.setCertificateEntry(alias, ALL.getCertificate(alias));
      }
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(own, PASSWORD);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(others);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    return empty;
  }
}
