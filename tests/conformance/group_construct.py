# Pins ERR-01: an ExceptionGroup of ordinary errors only, BaseExceptionGroup chooses the narrower
# type, empty groups are refused; `except Exception` catches the one and not the other.
import asyncio


def make(kind, errors):
    try:
        return kind("m", errors)
    except (TypeError, ValueError) as e:
        return e


async def amain():
    print(type(make(ExceptionGroup, [ValueError()])).__name__)
    print(type(make(ExceptionGroup, [asyncio.CancelledError()])).__name__)
    print(type(make(ExceptionGroup, [])).__name__)
    print(type(make(BaseExceptionGroup, [])).__name__)
    print(type(make(BaseExceptionGroup, [ValueError()])).__name__)
    print(type(make(BaseExceptionGroup, [ValueError(), KeyboardInterrupt()])).__name__)
    print(str(make(ExceptionGroup, [ValueError()])))
    print(str(make(ExceptionGroup, [ValueError(), TypeError()])))
    for errors in ([ValueError("v")], [SystemExit(1)]):
        try:
            try:
                raise make(BaseExceptionGroup, errors)
            except Exception as e:
                print("Exception", repr(e))
        except BaseException as e:
            print("BaseException", repr(e))


asyncio.run(amain())
