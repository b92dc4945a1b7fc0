package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.io.IoException;
import dev.ringlet.io.TlsStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A rig for each test of TLS, after which nothing stays behind; and what several of them do. */
abstract class TlsTest {
  final String driver;
  TlsRig rig;

  TlsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  final void open() throws IOException {
    rig = new TlsRig(driver);
  }

  @AfterEach
  final void close() {
    rig.assertRest();
    rig.close();
  }

  static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  /** Of two ends that speak TLS 1.3, where it is one direction that ends; closes both. */
  final void expectReceivingToGoOnAfterTheOwnEnd(TlsStream client, TlsStream server) {
    TlsRig.Collector atServer = rig.collect(server, 1);
    TlsRig.Collector atClient = rig.collect(client, 1);
    rig.send(client, new byte[] {1, 2});
    Systems.value(rig.executor(), io -> client.shutdownOutput());
    assertArrayEquals(new byte[] {1, 2}, atServer.regularEnd());
    rig.send(server, new byte[] {3, 4, 5});
    atClient.awaitBytes(3);
    IoException late = rig.begin(io -> client.send(io.buffer(1).write(new byte[1]))).failure();
    assertEquals(Errno.EPIPE, late.errno());
    rig.close(server);
    assertArrayEquals(new byte[] {3, 4, 5}, atClient.regularEnd());
    rig.close(client);
  }
}
