package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.TcpListener;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a subscriber sees of one operation, on any driver. */
abstract class OnePublisherContract extends DriverContract {
  @TempDir private Path folder;
  private Path path;

  OnePublisherContract(String driver) {
    super(driver);
  }

  @BeforeEach
  void writeFile() throws IOException {
    path = Files.write(folder.resolve("numbers"), new byte[] {1, 2, 3});
  }

  /** Nobody may keep a descriptor, whatever a test does. */
  @AfterEach
  void noDescriptorIsLeft() {
    if (system != null) {
      system.endTest();
      system.awaitNothingInFlight();
      TestSystem.awaitUntil(() -> Descriptors.of(path) == 0);
    }
  }

  @Test
  void valueComesWithTheFirstDemand() {
    AsyncFile file = TestSystem.get(system.io().open(path));
    AtomicInteger made = new AtomicInteger();
    Publisher<IoBuffer> head =
        Publishers.one(
            system.executor(),
            () -> {
              made.incrementAndGet();
              return file.read(0, 16);
            });
    for (int subscriber = 1; subscriber <= 2; subscriber++) {
      int expected = subscriber;
      StepVerifier.create(Mono.from(head).map(Releasing::readAll), 0)
          .then(() -> assertEquals(expected - 1, made.get()))
          .thenRequest(5)
          .expectNextMatches(bytes -> bytes.length == 3 && bytes[2] == 3)
          .expectComplete()
          .verify(TestSystem.PATIENCE);
      assertEquals(expected, made.get());
    }
    TestSystem.get(file.close());
  }

  @Test
  void operationWithoutAValueCompletes() {
    StepVerifier.create(
            Publishers.one(system.executor(), () -> system.io().delay(Duration.ofMillis(1))))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void failureOfTheOperationIsTold() {
    StepVerifier.create(
            Publishers.one(system.executor(), () -> system.io().open(folder.resolve("missing"))))
        .expectErrorMatches(
            failure -> failure instanceof IoException io && io.errno() == Errno.ENOENT)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void supplierThatThrowsIsTold() {
    RuntimeException failure = new RuntimeException("thrown by the test's supplier");
    Probe<IoBuffer> probe = new Probe<>();
    Publishers.<IoBuffer>one(
            system.executor(),
            () -> {
              throw failure;
            })
        .subscribe(probe);
    probe.awaitSubscription().request(1);
    assertSame(failure, probe.awaitFailure());
    assertEquals(0, system.system().stats().failures());
  }

  @Test
  void operationThatWasStartedIsRefused() {
    IoOp<Void> started = system.io().delay(Duration.ofHours(1));
    var stage = started.toCompletionStage();
    Probe<Void> probe = new Probe<>();
    Publishers.one(system.executor(), () -> started).subscribe(probe);
    probe.awaitSubscription().request(1);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    started.cancel();
    TestSystem.awaitUntil(stage.toCompletableFuture()::isDone);
  }

  @Test
  void cancelEndsTheOperation() {
    Probe<Void> probe = new Probe<>();
    Publishers.one(system.executor(), () -> system.io().delay(Duration.ofHours(1)))
        .subscribe(probe);
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 1);
    probe.awaitSubscription().cancel();
    system.awaitQuiescence();
    assertFalse(probe.hasEnded());
  }

  @Test
  void operationThatNobodyAsksForIsNotStarted() {
    AtomicInteger made = new AtomicInteger();
    Probe<AsyncFile> probe = new Probe<>();
    Publishers.one(
            system.executor(),
            () -> {
              made.incrementAndGet();
              return system.io().open(path);
            })
        .subscribe(probe);
    probe.awaitSubscription().cancel();
    system.awaitQuiescence();
    assertEquals(0, made.get());
  }

  /**
   * The cancel comes before, with and after the end of the operation; {@link #noDescriptorIsLeft}
   * looks.
   */
  @Test
  void valueThatComesWithACancelIsGivenBack() {
    for (int round = 0; round < 200; round++) {
      Probe<AsyncFile> probe = new Probe<>();
      Publishers.one(system.executor(), () -> system.io().open(path)).subscribe(probe);
      Subscription subscription = probe.awaitSubscription();
      subscription.request(1);
      int spins = round * 200;
      TestSystem.get(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < spins; i++) {
                  Thread.onSpinWait();
                }
                subscription.cancel();
              }));
      system.awaitQuiescence();
      probe.elements.forEach(file -> TestSystem.get(file.close()));
    }
  }

  /**
   * The port can be had again, and the descriptors are gone, as {@link #noDescriptorIsLeft} looks.
   */
  @Test
  void valuesOfOperationsAreGivenBackByDefault() {
    TcpListener listener = system.listen();
    InetSocketAddress address = listener.localAddress();
    Values.giveBack(TestSystem.get(system.io().open(path)));
    Values.giveBack(listener);
    Values.giveBack("owns nothing");
    TestSystem.awaitUntil(() -> isFree(address));
  }

  private static boolean isFree(InetSocketAddress address) throws IOException {
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(address);
      return true;
    } catch (BindException inUse) {
      return false;
    }
  }
}
