package dev.ringlet.reactive;

import dev.ringlet.io.AsyncFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.reactivestreams.Subscriber;

/**
 * The subscriber of a file; the probe hears of an element when it is encoded, and of the end by the
 * result, after the close of the file.
 */
abstract class ToFileTck extends WhiteboxTck<Integer> {
  private Path path;

  ToFileTck(String driver) {
    super(driver);
  }

  @Override
  public void prepare(TestSystem on) throws IOException {
    path = Files.createTempFile("ringlet", ".tck");
    on.atClose(() -> Files.delete(path));
  }

  @Override
  Subscriber<Integer> subscriber(TestSystem on, WhiteboxSubscriberProbe<Integer> probe) {
    AsyncFile file = TestSystem.get(on.io().open(path, StandardOpenOption.WRITE));
    OutputSubscriber<Integer> output =
        Subscribers.toFile(on.executor(), file.output(), Probed.encoded(probe));
    return Probed.output(on, output, probe);
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
