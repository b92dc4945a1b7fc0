package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * A publisher of one operation against the TCK: a read of a file, or a delay where the test wants
 * no element. Skipped are the tests that need more than one element, and the TCK's own {@code
 * untested_} ones.
 */
abstract class OnePublisherTck extends PublisherVerification<Long> {
  private final String driver;
  private TestSystem system;
  private Path path;
  private AsyncFile file;

  OnePublisherTck(String driver) {
    super(new TestEnvironment(2_000, 200));
    this.driver = driver;
  }

  @BeforeClass
  public void open() throws IOException {
    try {
      system = TestSystem.open(driver);
    } catch (RingletException unavailable) {
      throw new SkipException(unavailable.getMessage(), unavailable);
    }
    path = Files.createTempFile("one", ".bin");
    Files.write(path, new byte[64]);
    file = TestSystem.get(system.io().open(path));
  }

  @AfterClass
  public void close() throws IOException {
    if (system != null) {
      TestSystem.get(file.close());
      system.close();
      Files.delete(path);
    }
  }

  /** Also proves that each test's actors have stopped and all buffers are back. */
  @AfterMethod
  public void awaitQuiescence() {
    system.awaitQuiescence();
  }

  @Override
  public long maxElementsFromPublisher() {
    return 1;
  }

  @Override
  public Publisher<Long> createPublisher(long elements) {
    if (elements == 0) {
      return Publishers.one(system.executor(), this::nothing);
    }
    return Releasing.numbers(Publishers.one(system.executor(), () -> file.read(0, 64)));
  }

  @SuppressWarnings("unchecked") // of no element any type is right
  private IoOp<Long> nothing() {
    return (IoOp<Long>) (IoOp<?>) system.io().delay(Duration.ofMillis(1));
  }

  /** An operation that fails at its start would wait for demand; no start does not. */
  @Override
  public Publisher<Long> createFailedPublisher() {
    try (TestSystem closed = TestSystem.open(driver)) {
      return Releasing.numbers(Publishers.one(closed.executor(), () -> file.read(0, 64)));
    }
  }
}
