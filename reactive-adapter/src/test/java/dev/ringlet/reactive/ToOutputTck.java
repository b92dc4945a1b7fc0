package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;

/**
 * The subscriber of a connection against the TCK, seen from inside: the probe hears of an element
 * when it is encoded, and of the end by the result. All tests run; the TCK itself skips its {@code
 * untested_} ones.
 */
abstract class ToOutputTck extends SubscriberWhiteboxVerification<Integer> {
  private final String driver;
  private final ConcurrentLinkedQueue<OutputSubscriber<?>> outputs = new ConcurrentLinkedQueue<>();
  private TestSystem system;
  private Wire wire;

  ToOutputTck(String driver) {
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
    wire = Wire.connect(system.io());
  }

  @AfterClass
  public void close() throws IOException {
    if (system != null) {
      wire.close();
      system.close();
    }
  }

  /** Also proves that no actor outlives its stream. */
  @AfterMethod
  public void cancelAll() {
    for (OutputSubscriber<?> out = outputs.poll(); out != null; out = outputs.poll()) {
      out.cancel();
    }
    system.awaitQuiescence();
  }

  @Override
  public Subscriber<Integer> createSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
    OutputSubscriber<Integer> output =
        Subscribers.toOutput(system.executor(), wire.stream(), ProbedOutput.options(probe));
    outputs.add(output);
    return new ProbedOutput(output, probe);
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
