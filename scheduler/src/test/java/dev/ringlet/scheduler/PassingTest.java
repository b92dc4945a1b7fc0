package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.PassedDescriptor;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UnixMessage;
import dev.ringlet.io.UnixStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files and connections that are passed from program to program, on the driver that can; {@link
 * UnixMisuseTest} and {@link NioRefusalsTest} have what the other one does.
 */
final class PassingTest {
  private ActorSystem system;
  private ActorExecutor executor;
  private UnixPair pair;
  private UnixStream near;
  private UnixStream far;

  @TempDir Path directory;

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool("uring", 2).withReceiveBuffers(16, 4096));
    executor = system.executors().get(0);
    pair = UnixPair.open(executor, directory.resolve("socket"));
    near = pair.near();
    far = pair.far();
  }

  @AfterEach
  void close() {
    system.close();
  }

  private void assertAtRest() {
    pair.close();
    Systems.assertAtRest(system);
  }

  private <T> T on(Supplier<T> code) {
    CompletableFuture<T> value = new CompletableFuture<>();
    Systems.inTurn(executor, context -> value.complete(code.get()));
    return Systems.get(value);
  }

  private static String text(IoBuffer buffer) {
    return new String(buffer.readAll(), StandardCharsets.UTF_8);
  }

  private AsyncFile file(String name, String content) throws IOException {
    Path path = directory.resolve(name);
    Files.writeString(path, content);
    return Systems.value(executor, io -> io.open(path, StandardOpenOption.READ));
  }

  @Test
  void aFileGoesToWhoReceivesTheBytes() throws IOException {
    AsyncFile file = file("passed", "what is in it");
    CompletionStage<UnixMessage> receive = far.receiveMessage().toCompletionStage();
    CompletionStage<Integer> sent = near.send(pair.text("here"), file).toCompletionStage();
    assertEquals(4, Systems.get(sent));
    Systems.get(file.close().toCompletionStage());
    UnixMessage message = Systems.get(receive);
    assertEquals("here", text(message.data()));
    assertFalse(message.truncated());
    PassedDescriptor descriptor = message.descriptors().get(0);
    assertThrows(IllegalStateException.class, () -> descriptor.toFile(directory));
    AsyncFile taken = on(() -> descriptor.toFile(Path.of("passed by a test")));
    message.release();
    assertEquals(Path.of("passed by a test"), taken.path());
    IoBuffer content = Systems.get(taken.read(0, 100).toCompletionStage());
    assertEquals("what is in it", text(content));
    content.release();
    Systems.get(taken.close().toCompletionStage());
    assertAtRest();
  }

  @Test
  void aConnectionGoesOnWithWhoReceivesIt() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      TcpStream given = Systems.value(executor, io -> io.connect(address));
      try (Socket peer = server.accept()) {
        assertEquals(1, Systems.get(near.send(pair.text("x"), given).toCompletionStage()));
        Systems.get(given.close().toCompletionStage());
        UnixMessage message = Systems.get(far.receiveMessage().toCompletionStage());
        TcpStream taken = on(() -> message.descriptors().get(0).toTcpStream());
        message.release();
        assertEquals(5, Systems.get(taken.send(pair.text("hello")).toCompletionStage()));
        assertArrayEquals(
            "hello".getBytes(StandardCharsets.UTF_8), peer.getInputStream().readNBytes(5));
        peer.getOutputStream().write('!');
        IoBuffer answer = Systems.get(Subscriber.first(executor, taken.receive()));
        assertEquals("!", text(answer));
        answer.release();
        Systems.get(taken.close().toCompletionStage());
        assertEquals(-1, peer.getInputStream().read());
      }
    }
    assertAtRest();
  }

  /** One subscribes and closes, the other one goes on, in the same program and on one executor. */
  @Test
  void twoHaveAConnectionAndOneLeaves() throws IOException {
    AsyncFile file = file("content", "content");
    try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      TcpStream given = Systems.value(executor, io -> io.connect(address));
      try (Socket peer = server.accept()) {
        CompletableFuture<Object> end = Subscriber.end(executor, given.receive());
        assertEquals(1, Systems.get(near.send(pair.text("x"), given).toCompletionStage()));
        UnixMessage message = Systems.get(far.receiveMessage().toCompletionStage());
        TcpStream taken = on(() -> message.descriptors().get(0).toTcpStream());
        message.release();
        CompletableFuture<IoBuffer> answer = Subscriber.first(executor, taken.receive());
        Systems.get(given.close().toCompletionStage());
        assertEquals("regular end", Systems.get(end));
        assertEquals(7L, Systems.get(taken.sendFile(file, 0, 7).toCompletionStage()));
        assertArrayEquals(
            "content".getBytes(StandardCharsets.UTF_8), peer.getInputStream().readNBytes(7));
        peer.getOutputStream().write('!');
        IoBuffer received = Systems.get(answer);
        assertEquals("!", text(received));
        received.release();
        Systems.get(taken.close().toCompletionStage());
      }
    }
    Systems.get(file.close().toCompletionStage());
    assertAtRest();
  }

  @Test
  void messagesWithoutDescriptorsAndTheEndComeToo() {
    Systems.get(near.send(pair.text("plain")).toCompletionStage());
    UnixMessage plain = Systems.get(far.receiveMessage().toCompletionStage());
    assertEquals("plain", text(plain.data()));
    assertTrue(plain.descriptors().isEmpty());
    plain.release();
    Systems.get(near.shutdownOutput().toCompletionStage());
    UnixMessage end = Systems.get(far.receiveMessage().toCompletionStage());
    assertEquals(0, end.data().readableBytes());
    end.release();
    assertAtRest();
  }

  /** What nobody waits for any more is closed. */
  @Test
  void anActorThatStopsLeavesNoDescriptorOpen() throws IOException {
    AsyncFile file = file("unwanted", "");
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    ActorRef<Object> actor =
        executor.spawn(() -> new Receiving(far, begun, stopped), ActorOptions.defaults());
    Systems.get(begun);
    long before = descriptorsOf("unwanted");
    Systems.inTurn(
        executor,
        context -> {
          IoBuffer buffer = context.io().buffer(1).setIndex(0, 1);
          var unused = near.send(buffer, file).toCompletionStage();
          actor.tell("stop");
        });
    Systems.get(stopped);
    assertAtRest();
    assertEquals(before, descriptorsOf("unwanted"));
    Systems.get(file.close().toCompletionStage());
  }

  private static long descriptorsOf(String name) throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(each -> target(each).endsWith(name)).count();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private record Receiving(
      UnixStream stream, CompletableFuture<Void> begun, CompletableFuture<Void> stopped)
      implements Actor<Object> {
    @Override
    public void preStart(ActorContext<Object> context) {
      context.pipe(
          stream.receiveMessage(),
          (message, failure) -> {
            if (message != null) {
              message.release();
            }
            return "received";
          });
      begun.complete(null);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      context.stop();
    }

    @Override
    public void postStop(ActorContext<Object> context) {
      stopped.complete(null);
    }
  }
}
