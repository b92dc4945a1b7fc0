package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A TLS connection is an output as any other. */
final class TlsOutputTest extends SystemTest {
  private static final char[] PASSWORD = "ringlet".toCharArray();

  @Test
  void tlsCarriesWhatIsWritten() throws IOException, GeneralSecurityException {
    SSLContext keys = keys();
    List<byte[]> pieces = ToOutputContract.pieces(300, 3_000);
    byte[] all = ToOutputContract.joined(pieces);
    TcpListener listener = system.listen();
    CompletableFuture<TlsStream> server =
        Flux.from(Publishers.from(listener.connections()))
            .take(1, true)
            .flatMap(connection -> handshake(connection, keys))
            .next()
            .toFuture();
    TlsStream client =
        TestSystem.get(
            system.io().connectTls("127.0.0.1", listener.localAddress().getPort(), client(keys)));
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(
            system.executor(),
            TestSystem.get(server),
            WriteOptions.arrays().withEnd(WriteOptions.End.CLOSE));
    Flux.fromIterable(pieces).subscribe(output);
    List<byte[]> got =
        Flux.from(Publishers.from(client.receive()))
            .map(Releasing::readAll)
            .collectList()
            .block(TestSystem.PATIENCE);
    assertArrayEquals(all, ToOutputContract.joined(got));
    TestSystem.get(client.close());
    assertEquals(all.length, ToOutputContract.await(output.result()));
    TestSystem.get(listener.close());
  }

  private static Publisher<TlsStream> handshake(TcpStream connection, SSLContext keys) {
    return Publishers.one(
        system.executor(), () -> system.io().tls(connection, TlsOptions.server(keys)));
  }

  private static TlsOptions client(SSLContext keys) {
    return TlsOptions.client(keys).withoutHostVerification();
  }

  /** A key that is signed by itself, and trusted here, see {@code keytool -genkeypair}. */
  private static SSLContext keys() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = TlsOutputTest.class.getResourceAsStream("/tls/output.p12")) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(store, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", store.getCertificate("a"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
