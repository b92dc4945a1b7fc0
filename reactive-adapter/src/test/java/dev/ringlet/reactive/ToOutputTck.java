package dev.ringlet.reactive;

import java.io.IOException;
import org.reactivestreams.Subscriber;

/**
 * The subscriber of a connection; the probe hears of an element when it is encoded, and of the end
 * by the result.
 */
abstract class ToOutputTck extends WhiteboxTck<Integer> {
  private Wire wire;

  ToOutputTck(String driver) {
    super(driver);
  }

  @Override
  public void prepare(TestSystem on) throws IOException {
    wire = Wire.connect(on.io());
    on.atClose(wire);
  }

  @Override
  Subscriber<Integer> subscriber(TestSystem on, WhiteboxSubscriberProbe<Integer> probe) {
    OutputSubscriber<Integer> output =
        Subscribers.toOutput(on.executor(), wire.stream(), Probed.encoded(probe));
    return Probed.output(on, output, probe);
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
