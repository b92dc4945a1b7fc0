package dev.ringlet.reactive;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.reactivestreams.Publisher;

/**
 * A publisher of one operation against the TCK: a read of a file, or a delay where the test wants
 * no element. Skipped are the tests that need more than one element.
 */
abstract class OnePublisherTck extends PublisherTck<Long> {
  private AsyncFile file;

  OnePublisherTck(String driver) {
    super(driver);
  }

  @Override
  public void prepare(TestSystem on) throws IOException {
    Path path = Files.createTempFile("one", ".bin");
    Files.write(path, new byte[64]);
    on.atClose(() -> Files.delete(path));
    file = TestSystem.get(on.io().open(path));
    on.atClose(() -> TestSystem.get(file.close()));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 1;
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    if (elements == 0) {
      return Publishers.one(on.executor(), () -> nothing(on));
    }
    return Releasing.numbers(Publishers.one(on.executor(), () -> file.read(0, 64)));
  }

  @SuppressWarnings("unchecked") // of no element any type is right
  private static IoOp<Long> nothing(TestSystem on) {
    return (IoOp<Long>) (IoOp<?>) on.io().delay(Duration.ofMillis(1));
  }
}
