package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.Supervision;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users do wrong hits them, and not the executor and the others on it. */
@OnBothDrivers
final class MisuseTest {
  @TempDir private Path folder;

  private final String driver;
  private ActorSystem system;

  MisuseTest(String driver) {
    this.driver = driver;
  }

  private void open(int executors) {
    system = Systems.open(driver, executors);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private <T> T value(Function<Io, IoOp<T>> operation) {
    return Systems.value(system.executors().get(0), operation);
  }

  private AsyncFile file() {
    Path path = folder.resolve("file");
    return value(io -> io.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
  }

  private IoBuffer releasedBuffer() {
    CompletableFuture<IoBuffer> made = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context -> made.complete(context.io().buffer(100).write(new byte[100])));
    IoBuffer buffer = Systems.get(made);
    buffer.release();
    return buffer;
  }

  private void assertAlive() {
    assertEquals("alive", system.run(context -> "alive"));
  }

  @Test
  void aBufferThatIsReleasedWhileItIsWrittenIsReportedAndNothingElseSuffers() {
    open(1);
    AsyncFile file = file();
    CompletableFuture<Object> told = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<Object>() {
              @Override
              public void preStart(ActorContext<Object> context) {
                IoBuffer buffer = context.io().buffer(100).write(new byte[100]);
                context.pipe(
                    file.write(0, buffer), (count, failure) -> failure == null ? "done" : failure);
                buffer.release();
              }

              @Override
              public void receive(Object message, ActorContext<Object> context) {
                told.complete(message);
              }
            },
        ActorOptions.defaults());
    Systems.get(told);
    assertAlive();
    assertEquals(1, system.stats().failures());
  }

  @Test
  void aReleasedBufferThatIsWrittenFromElsewhereFailsTheStage() {
    open(1);
    AsyncFile file = file();
    IoBuffer buffer = releasedBuffer();
    assertThrows(
        CompletionException.class, () -> Systems.get(file.write(0, buffer).toCompletionStage()));
    assertAlive();
  }

  @Test
  void aSendThatIsRefusedLeavesTheConnectionUsable() throws IOException {
    open(1);
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      TcpStream connection =
          value(
              io ->
                  io.connect(
                      new InetSocketAddress(server.getInetAddress(), server.getLocalPort())));
      IoBuffer released = releasedBuffer();
      CompletableFuture<Object> first = new CompletableFuture<>();
      CompletableFuture<Integer> second = new CompletableFuture<>();
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            connection
                .send(released)
                .toCompletionStage()
                .whenComplete((count, failure) -> first.complete(failure));
            connection
                .send(context.io().buffer(100).write(new byte[100]))
                .toCompletionStage()
                .whenComplete((count, failure) -> second.complete(count));
          });
      assertInstanceOf(IoException.class, Systems.get(first));
      assertEquals(100, Systems.get(second));
      try (Socket peer = server.accept()) {
        assertEquals(100, peer.getInputStream().readNBytes(100).length);
      }
    }
  }

  @Test
  void aFailureThatCannotBePrintedIsAFailureLikeAnyOther() {
    open(1);
    ActorRef<Object> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  throw new RuntimeException("x") {
                    private static final long serialVersionUID = 1;

                    @Override
                    public String getMessage() {
                      throw new IllegalStateException("not even this");
                    }
                  };
                },
            ActorOptions.defaults().withSupervision(Supervision.resume()));
    actor.tell("go");
    Systems.awaitUntil(() -> system.stats().failures() == 1);
    assertAlive();
  }

  // ---- streams that change hands

  @Test
  void anActorThatRestartsSubscribesAgainToTheStreamItWasGiven() throws IOException {
    open(1);
    TcpListener listener = value(io -> io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    AtomicInteger starts = new AtomicInteger();
    CompletableFuture<TcpStream> accepted = new CompletableFuture<>();
    ActorRef<Object> acceptor =
        system.spawn(
            () ->
                new Actor<Object>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    context.subscribe(listener.connections(), stream -> stream, Long.MAX_VALUE);
                    starts.incrementAndGet();
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {
                    if (message instanceof TcpStream stream) {
                      accepted.complete(stream);
                    } else {
                      throw new IllegalStateException("on purpose");
                    }
                  }
                },
            ActorOptions.defaults().withSupervision(Supervision.restart()));
    acceptor.tell("fail");
    acceptor.tell("fail");
    Systems.awaitUntil(() -> starts.get() == 3);
    InetSocketAddress address = listener.localAddress();
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      assertTrue(client.isConnected());
      Systems.get(accepted);
    }
    assertEquals(2, system.stats().restarts());
  }

  @Test
  void whoCancelsMaySubscribeAgainAtOnceAndLosesNothing() throws IOException {
    open(1);
    TcpListener listener = value(io -> io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    CountDownLatch three = new CountDownLatch(3);
    CompletableFuture<Void> again = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<Object>() {
              @Override
              public void preStart(ActorContext<Object> context) {
                for (int i = 0; i < 3; i++) {
                  IoSubscription subscription =
                      context.subscribe(listener.connections(), stream -> stream, 5);
                  if (i < 2) {
                    subscription.cancel();
                  }
                }
                again.complete(null);
              }

              @Override
              public void receive(Object stream, ActorContext<Object> context) {
                three.countDown();
              }
            },
        ActorOptions.defaults());
    Systems.get(again);
    InetSocketAddress address = listener.localAddress();
    for (int i = 0; i < 3; i++) {
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        assertTrue(client.isConnected());
      }
    }
    Systems.awaitUntil(() -> three.getCount() == 0);
  }

  @Test
  void anExecutorsThreadDoesNotWaitForAnOperationNorForTheEnd() {
    open(1);
    AsyncFile file = file();
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          IoBuffer buffer = context.io().buffer(100).write(new byte[100]);
          CompletableFuture<Integer> written =
              file.write(0, buffer).toCompletionStage().toCompletableFuture();
          assertThrows(IllegalStateException.class, written::join);
          CompletableFuture<Void> end = system.whenTerminated().toCompletableFuture();
          assertThrows(IllegalStateException.class, end::get);
        });
    assertAlive();
  }

  // ---- the end

  @Test
  void whoAskedFromAnExecutorThatEndsIsTold() {
    open(1);
    CompletableFuture<CompletionStage<Object>> asked = new CompletableFuture<>();
    ActorRef<Object> silent = system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    Systems.inTurn(
        system.executors().get(0),
        context -> asked.complete(silent.ask(replyTo -> "question", Duration.ofHours(1))));
    CompletionStage<Object> answer = Systems.get(asked);
    system.close();
    CompletionException unanswered =
        assertThrows(CompletionException.class, () -> Systems.get(answer));
    assertInstanceOf(RingletException.class, unanswered.getCause());
  }

  @Test
  void theMessagesOfAnActorThatAwaitsAreHandledBeforeTheEnd() {
    open(1);
    AtomicInteger handled = new AtomicInteger();
    ActorRef<Object> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  handled.incrementAndGet();
                  context.await(
                      context.io().delay(Duration.ofMillis(20)), (nothing, failure) -> {});
                },
            ActorOptions.defaults());
    for (int i = 0; i < 5; i++) {
      actor.tell(i);
    }
    system.close();
    assertEquals(5, handled.get());
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void manyBlockedExecutorsDoNotAddUpAtTheEnd() {
    open(8);
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(7);
    for (int i = 1; i < 8; i++) {
      system
          .executors()
          .get(i)
          .execute(
              () -> {
                blocked.countDown();
                awaitInterrupt(never);
              });
    }
    system
        .executors()
        .get(0)
        .spawn(
            () ->
                new Actor<Object>() {
                  @Override
                  public void receive(Object message, ActorContext<Object> context) {}

                  @Override
                  public void postStop(ActorContext<Object> context) {
                    stopped.set(true);
                  }
                },
            ActorOptions.defaults());
    Systems.awaitUntil(
        () -> blocked.getCount() == 0 && system.stats().executors().get(0).actors() == 1);
    long start = System.nanoTime();
    system.close(Duration.ofSeconds(1));
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(stopped.get());
    // A deadline of 1 s and two graces of 1 s; one after the other it would be 14 s.
    assertTrue(millis < 8_000, millis + " ms");
  }

  private static void awaitInterrupt(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException e) {
      // The system closes.
    }
  }

  @Test
  void theDeathOfAnExecutorEndsTheSystemSoonAndIsToldToAll() {
    open(2);
    CompletableFuture<ActorRef<Object>> spawned = new CompletableFuture<>();
    AtomicBoolean stopped = new AtomicBoolean();
    system
        .executors()
        .get(0)
        .spawn(
            () ->
                new Actor<Object>() {
                  @Override
                  public void preStart(ActorContext<Object> context) {
                    spawned.complete(
                        context.spawn(
                            () ->
                                (message, child) -> {
                                  throw new OutOfMemoryError("not really");
                                },
                            ActorOptions.defaults()
                                .onExecutor(context.system().executors().get(1))));
                  }

                  @Override
                  public void receive(Object message, ActorContext<Object> context) {}

                  @Override
                  public void postStop(ActorContext<Object> context) {
                    stopped.set(true);
                  }
                },
            ActorOptions.defaults());
    ActorRef<Object> child = Systems.get(spawned);
    child.tell("die");
    CompletionException unanswered =
        assertThrows(
            CompletionException.class,
            () -> Systems.get(child.ask(replyTo -> "question", Duration.ofHours(1))));
    assertInstanceOf(ActorStoppedException.class, unanswered.getCause());
    CompletionException death =
        assertThrows(CompletionException.class, () -> Systems.get(system.whenTerminated()));
    assertInstanceOf(RingletException.class, death.getCause());
    assertInstanceOf(OutOfMemoryError.class, death.getCause().getCause());
    assertTrue(stopped.get(), "the parent of the dead child must stop too");
  }

  /** Its child lives elsewhere and does not stop, so that it cannot either. */
  @Test
  void actorThatHasNotStoppedAtTheDeadlineHasItsLastTurn() {
    open(2);
    List<String> stopped = new CopyOnWriteArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    Actor<String> blocking =
        (message, context) -> {
          blocked.countDown();
          awaitInterrupt(never);
        };
    system
        .executors()
        .get(0)
        .spawn(
            () ->
                new Stopping(stopped) {
                  @Override
                  public void preStart(ActorContext<String> context) {
                    context
                        .spawn(
                            () -> blocking,
                            ActorOptions.defaults().onExecutor(context.system().executors().get(1)))
                        .tell("block");
                  }
                },
            ActorOptions.named("parent"));
    Systems.awaitUntil(() -> blocked.getCount() == 0);
    system.close(Duration.ofMillis(100));
    assertEquals(List.of("/" + system.name() + "/parent"), stopped);
  }

  private static class Stopping implements Actor<String> {
    private final List<String> stopped;

    Stopping(List<String> stopped) {
      this.stopped = stopped;
    }

    @Override
    public void receive(String message, ActorContext<String> context) throws Exception {}

    @Override
    public void postStop(ActorContext<String> context) {
      stopped.add(context.self().path());
    }
  }

  /** Once each, also when the last turn of one has no memory either. */
  @ParameterizedTest
  @ValueSource(strings = {"die", "stop"})
  void actorsOfAnExecutorThatDiesHaveTheirLastTurn(String message) {
    open(1);
    List<String> stopped = new CopyOnWriteArrayList<>();
    CompletableFuture<ActorRef<String>> spawned = new CompletableFuture<>();
    system.spawn(
        () ->
            new Mourner(stopped) {
              @Override
              public void preStart(ActorContext<String> context) {
                context.spawn(() -> new Mourner(stopped), ActorOptions.named("b"));
                spawned.complete(
                    context.spawn(() -> new Mourner(stopped), ActorOptions.named("c")));
              }
            },
        ActorOptions.named("a"));
    Systems.get(spawned).tell(message);
    assertThrows(CompletionException.class, () -> Systems.get(system.whenTerminated()));
    String name = "/" + system.name() + "/a";
    assertEquals(List.of(name, name + "/b", name + "/c"), stopped.stream().sorted().toList());
  }

  private static class Mourner extends Stopping {
    Mourner(List<String> stopped) {
      super(stopped);
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      if (message.equals("stop")) {
        context.stop();
        return;
      }
      throw new OutOfMemoryError("made by the test");
    }

    @Override
    public void postStop(ActorContext<String> context) {
      super.postStop(context);
      throw new OutOfMemoryError("made by the test again");
    }
  }
}
