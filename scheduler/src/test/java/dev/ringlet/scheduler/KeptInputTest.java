package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.TcpStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the driver has for a subscription that ends is not lost to a peek that follows it. */
@OnBothDrivers
final class KeptInputTest {
  private final String driver;
  private DiskRig rig;
  private ServerSocket server;
  private TcpStream stream;
  private Socket peer;
  private Subscription<IoBuffer> ended;

  KeptInputTest(String driver) {
    this.driver = driver;
  }

  /** It has asked for all, and what has come is with the driver but was not told yet. */
  @BeforeEach
  void open() throws IOException {
    rig = new DiskRig(driver, 1, 8);
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
    stream = rig.get(rig.core().io().connect(address).toCompletionStage());
    peer = server.accept();
    ended = input().subscribe(new Taker());
    rig.onExecutor(() -> ended.request(Long.MAX_VALUE));
    rig.rest();
    write("hello");
    Systems.awaitUntil(() -> driver.equals("nio") || rig.driver().completionsPending());
    rig.driver().flush();
    ended.end();
  }

  @AfterEach
  void close() throws IOException {
    var unused = rig.get(stream.close().toCompletionStage());
    assertEquals(0, rig.buffersLent());
    assertEquals(0, rig.driver().stats().buffersLent());
    assertEquals(0, rig.system.stats().failures());
    peer.close();
    server.close();
    rig.close();
  }

  private static final class Taker implements ElementSink<IoBuffer> {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void element(IoBuffer element) {
      text.append(KeptInputTest.text(element));
    }

    @Override
    public void ended(@Nullable IoException failure) {
      text.append("end");
    }
  }

  private static String text(IoBuffer buffer) {
    String text = new String(buffer.readAll(), StandardCharsets.UTF_8);
    buffer.release();
    return text;
  }

  private SocketInput input() {
    return ((DriverStream) stream).input();
  }

  private void write(String text) throws IOException {
    peer.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String seen(CompletionStage<IoBuffer> peek) {
    return text(rig.get(peek));
  }

  @Test
  void itIsSeenAndThenReceived() throws IOException {
    CompletionStage<IoBuffer> first = stream.peek(2).toCompletionStage();
    CompletionStage<IoBuffer> second = stream.peek(10).toCompletionStage();
    assertEquals("he", seen(first));
    assertEquals("hello", seen(second));
    assertEquals("hel", seen(stream.peek(3).toCompletionStage()));
    Taker taker = new Taker();
    rig.onExecutor(() -> input().subscribe(taker).request(10));
    write(" again");
    rig.stepUntil(() -> taker.text.toString().equals("hello again"));
  }

  @Test
  void aSubscriptionThatWaitsBehindThePeekHasIt() throws IOException {
    List<CompletionStage<IoBuffer>> peek = new ArrayList<>();
    Taker taker = new Taker();
    rig.onExecutor(
        () -> {
          peek.add(stream.peek(1).toCompletionStage());
          input().subscribe(taker).request(10);
        });
    assertEquals("h", seen(peek.get(0)));
    write(" again");
    rig.stepUntil(() -> taker.text.toString().equals("hello again"));
  }

  /** Nobody takes it: the connection is not given away without, and its close gives it back. */
  @Test
  void itStaysWithTheConnection() {
    assertEquals("h", seen(stream.peek(1).toCompletionStage()));
    if (driver.equals("uring")) {
      rig.onExecutor(() -> assertThrows(IllegalStateException.class, () -> stream.detach()));
    }
  }
}
