package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Accepting connections. */
interface AcceptContract extends ListenContract {
  default InetSocketAddress addressOf(IoHandle listener) {
    return rig().driver.localAddress(listener);
  }

  @Test
  default void acceptsAWaitingConnection() throws IOException {
    IoHandle listener = listener();
    Socket peer = peers().connect(addressOf(listener));
    IoHandle accepted = rig().handle(TestRequest.accept(listener));
    assertEquals(peer.getLocalSocketAddress(), rig().driver.remoteAddress(accepted));
    assertEquals(peer.getRemoteSocketAddress(), addressOf(accepted));
  }

  @Test
  default void acceptsAConnectionThatComesLater() throws IOException {
    IoHandle listener = listener();
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    rig().settle();
    assertTrue(accept.completions.isEmpty(), "nobody has connected");
    peers().connect(addressOf(listener));
    assertEquals(0, rig().await(accept).last().result());
  }

  @Test
  default void oneAcceptTakesOneConnection() throws IOException {
    IoHandle listener = listener();
    peers().connect(addressOf(listener));
    peers().connect(addressOf(listener));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    rig().await(accept);
    rig().settle();
    assertEquals(1, accept.completions.size());
    assertFalse(accept.last().more());
    assertEquals(0, rig().await(rig().submit(accept)).last().result());
  }

  @Test
  default void multishotAcceptsAllThatWaitAndAllThatCome() throws IOException {
    IoHandle listener = listener();
    Set<SocketAddress> expected = new HashSet<>();
    for (int i = 0; i < 128; i++) {
      expected.add(peers().connect(addressOf(listener)).getLocalSocketAddress());
    }
    Acceptor acceptor = new Acceptor(rig(), listener);
    acceptor.await(128);
    for (int i = 0; i < 10; i++) {
      expected.add(peers().connect(addressOf(listener)).getLocalSocketAddress());
      acceptor.await(129 + i);
    }
    Set<SocketAddress> accepted = new HashSet<>();
    acceptor.handles.forEach(handle -> accepted.add(rig().driver.remoteAddress(handle)));
    assertEquals(expected, accepted);
    acceptor.stop();
  }

  @Test
  default void asManyAcceptsAsArePendingTakeOneConnectionEach() throws IOException {
    IoHandle listener = listener();
    List<TestRequest> accepts = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      accepts.add(rig().submit(TestRequest.accept(listener)));
    }
    rig().settle();
    Set<SocketAddress> expected = new HashSet<>();
    for (int i = 0; i < 128; i++) {
      expected.add(peers().connect(addressOf(listener)).getLocalSocketAddress());
    }
    Set<SocketAddress> accepted = new HashSet<>();
    for (TestRequest accept : accepts) {
      IoHandle connection = (IoHandle) rig().await(accept).last().payload();
      assertEquals(1, accept.completions.size());
      accepted.add(rig().driver.remoteAddress(connection));
    }
    assertEquals(expected, accepted);
  }

  @Test
  default void nothingIsAcceptedAfterTheEndOfAMultishot() throws IOException {
    IoHandle listener = listener();
    Acceptor acceptor = new Acceptor(rig(), listener);
    peers().connect(addressOf(listener));
    acceptor.await(1);
    acceptor.stop();
    peers().connect(addressOf(listener));
    rig().settle();
    assertEquals(1, acceptor.handles.size());
    rig().handle(TestRequest.accept(listener));
  }

  /**
   * The connection that found no descriptor is not lost: the kernel keeps it until there is one.
   */
  @Test
  default void aShortageOfDescriptorsEndsTheAcceptAndPasses() throws IOException {
    Assumptions.assumeTrue(descriptorLimit() <= 100_000, "too many descriptors to use them up");
    IoHandle listener = listener();
    peers().connect(addressOf(listener));
    rig().fails(Errno.ENOENT, TestRequest.open(directory().resolve("none"), 1)); // loads classes
    TestRequest accept = TestRequest.accept(listener).multishot();
    List<FileChannel> fillers = useUpDescriptors();
    try {
      rig().submit(accept);
      rig().await(accept);
    } finally {
      for (FileChannel filler : fillers) {
        filler.close();
      }
    }
    assertEquals(-Errno.EMFILE, accept.last().result());
    assertEquals(1, accept.completions.size());
    Acceptor acceptor = new Acceptor(rig(), listener);
    acceptor.await(1);
    acceptor.stop();
  }

  private static long descriptorLimit() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getMaxFileDescriptorCount();
  }

  private static List<FileChannel> useUpDescriptors() {
    List<FileChannel> channels = new ArrayList<>();
    try {
      while (true) {
        channels.add(FileChannel.open(Path.of("/dev/null")));
      }
    } catch (IOException e) {
      return channels;
    }
  }
}
