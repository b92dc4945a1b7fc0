package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that one executor accepts and another serves. */
@OnBothDrivers
final class HandOffTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private final String driver;
  private ActorSystem system;

  HandOffTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
  }

  @AfterEach
  void close() {
    system.close();
  }

  /** Sends back what it gets. */
  private static final class Server implements Actor<Object> {
    private final AtomicInteger servedElsewhere;
    private TcpStream stream;

    Server(AtomicInteger servedElsewhere) {
      this.servedElsewhere = servedElsewhere;
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof DetachedTcpStream detached) {
        stream = context.io().attach(detached);
        servedElsewhere.addAndGet(context.executor().index());
        context.subscribe(stream.receive(), data -> data, end -> "end", 1);
      } else if (message instanceof IoBuffer buffer) {
        context.pipe(stream.send(buffer), (count, failure) -> "sent");
      } else if (message.equals("sent")) {
        var unused = stream.close().toCompletionStage();
        context.stop();
      }
    }
  }

  @Test
  void whatOneAcceptsAnotherServes() throws IOException {
    AtomicInteger served = new AtomicInteger();
    InetSocketAddress address =
        Systems.listen(
            system.executors().get(0),
            (stream, context) -> {
              ActorRef<Object> server =
                  system
                      .executors()
                      .get(1)
                      .spawn(() -> new Server(served), ActorOptions.defaults());
              server.tell(stream.detach());
            });
    for (int i = 0; i < 50; i++) {
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client.getOutputStream().write(HELLO);
        assertArrayEquals(HELLO, client.getInputStream().readNBytes(HELLO.length));
        assertEquals(-1, client.getInputStream().read());
      }
    }
    assertEquals(50, served.get());
  }

  @Test
  void aConnectionComesBackAndIsAttachedOnce() throws IOException {
    CompletableFuture<String> answers = new CompletableFuture<>();
    InetSocketAddress address =
        Systems.listen(
            system.executors().get(0),
            (stream, context) -> {
              DetachedTcpStream detached = stream.detach();
              List<String> refused = new ArrayList<>();
              refused.add(refusal(stream::detach));
              TcpStream again = context.io().attach(detached);
              refused.add(refusal(() -> context.io().attach(detached)));
              detached.close();
              // Whose data comes to this actor does not matter here; that it is asked for does.
              context.subscribe(again.receive(), data -> stream, 1);
              refused.add(refusal(again::detach));
              answers.complete(String.join("; ", refused));
              var unused = again.close().toCompletionStage();
            });
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      String said = Systems.get(answers);
      assertTrue(said.contains("attached or closed already"), said);
      assertEquals(-1, client.getInputStream().read());
    }
  }

  private static String refusal(Runnable call) {
    return assertThrows(IllegalStateException.class, call::run).getMessage();
  }

  @Test
  void whatNobodyAttachesIsClosedByWhoHasIt() throws IOException {
    CompletableFuture<DetachedTcpStream> detached = new CompletableFuture<>();
    InetSocketAddress address =
        Systems.listen(
            system.executors().get(0), (stream, context) -> detached.complete(stream.detach()));
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      DetachedTcpStream stream = Systems.get(detached);
      stream.close();
      stream.close();
      // A closed channel of NIO leaves the kernel with the next select.
      system.run(context -> "");
      assertEquals(-1, client.getInputStream().read());
    }
  }
}
