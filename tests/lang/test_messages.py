"""What is said of a program that is none: the sentence, the place of the caret, and what to write instead."""

import pytest

from bpviz.errors import BpvizError, EvaluationError, ProgramError
from bpviz.lang import parse

# a program, where ⟨ and ⟩ enclose what the caret stands under; the sentence; the hint
SAID = [
    ("1/⟨2x⟩", "1/2x can be read in two ways", "write (1/2)*x or 1/(2*x)"),
    ("y + a/⟨2(⟩x+1)", "a/2(x+1) can be read in two ways", "write (a/2)*(x+1) or a/(2*(x+1))"),
    ("⟨x y⟩", "there is no operator between x and y", "write x*y"),
    ("⟨x sin⟩(y)", "there is no operator between x and sin(y)", "write x*sin(y)"),
    ("max(x ⟨+⟩, y)", "this + has nothing on its right", "write an operand after it"),
    ("⟨3 4⟩", "there is no operator between 3 and 4", "write 3*4"),
    ("⟨x 2⟩", "there is no operator between x and 2", "write x*2 or x^2"),
    ("⟨(a+b) 2⟩", "there is no operator between (a+b) and 2", "write (a+b)*2 or (a+b)^2"),
    ("⟨|x|y⟩", "there is no operator between |x| and y", "write |x|*y"),
    ("⟨πr⟩^2", "there is no operator between π and r", "write π*r"),
    ("⟨x⟩(y+1)", "x is a variable", "write x*(y+1)"),
    ("q = a+b\n⟨q⟩(y)", "q is the name of a gate or input (line 1)", "write q*(y)"),
    ("⟨foo⟩(y+1)", "foo is not a function that bpviz knows", "for a product write foo*(y+1); bpviz gates lists"),
    ("⟨sigmod⟩(x)", "sigmod is not a function that bpviz knows", "did you mean sigmoid?"),
    ("变量 + ⟨sigmod⟩(x)", "sigmod is not a function that bpviz knows", "did you mean sigmoid?"),
    ("y = ⟨f⟩(x) + 1", "f is a variable", "write f*(x)"),
    ("⟨ำ⟩", "ำ (thai character sara am) means nothing here", "bpviz -h shows what a program looks like"),
    ("⟨sin⟩ x", "sin is a function and needs its operand in brackets", "write sin(x)"),
    ("⟨max⟩ + 1", "max is a function and needs its operand in brackets", "write max(x, y)"),
    ("⟨sin⟩^2 x", "sin is a function and needs its operand in brackets", "write sin(x)^2, with the power after"),
    ("⟨sin⟩^3 x", "sin is a function and needs its operand in brackets", "write sin(x)^3, with the power after"),
    ("⟨max⟩**n", "max is a function and needs its operand in brackets", "write max(x, y)**n, with the power after"),
    ("⟨exp⟩^x", "exp is a function and needs its operand in brackets", "write exp(x)"),
    ("1 + ⟨exp⟩**-x", "exp is a function and needs its operand in brackets", "write exp(-x)"),
    ("⟨exp⟩^(x+1)", "exp is a function and needs its operand in brackets", "write exp(x+1)"),
    (r"⟨\exp⟩^{-x}", r"\exp is a function and needs its operand in brackets", r"write \exp(-x)"),
    ("⟨sin(x, y)⟩", "sin takes one operand, not two", "write it as sin(x)"),
    ("⟨exp()⟩", "exp takes one operand, not none", "write it as exp(x)"),
    ("⟨sin(1,2,3,4)⟩", "sin takes one operand, not 4", "write it as sin(x)"),
    ("⟨dot(x; y; z)⟩", "dot takes two lists, with a ; between them, not three", "write it as dot(x, y; u, v)"),
    ("1 + ⟨dot()⟩", "dot takes two operands or more, not none", "write it as dot(x; y)"),
    ("dot(x, y; ⟨u⟩)", "the lists of dot have 2 and 1 operands", "each operand needs a partner at its place"),
    ("dot(x + 1; ⟨u, 2*v⟩)", "the lists of dot have 1 and 2 operands", "each operand needs a partner at its place"),
    ("dot(⟨;⟩ x)", "this ; has nothing on its left", "write an operand before it"),
    ("dot(x⟨;⟩)", "there is no operand after this ;", "drop the ;, or write an operand after it"),
    ("⟨dot⟩ x", "dot is a function and needs its operand in brackets", "write dot(x; y)"),
    ("dot(⟨(⟩x; y))", "this ( is never closed", "add the )"),
    ("max(x⟨;⟩ y)", "a ; ends a statement, and a ( is open", "write a comma here, or close the ("),
    (r"⟨\dot⟩(x; y)", r"\dot is not LaTeX that bpviz reads", r"write \operatorname{dot}(a, b; c, d)"),
    ("a + ⟨x^2y⟩", "x^2y can be read in two ways", "write x^(2*y) or x^2*y"),
    ("⟨x**2 and⟩ y", "x**2 and can be read in two ways", "write x**(2*and) or x**2*and"),
    ("1/⟨2 x⟩", "1/2 x can be read in two ways", "write (1/2)*x or 1/(2*x)"),
    ("⟨√2x⟩", "√2x can be read in two ways", "write √(2*x) or √2*x"),
    ("√x⟨^⟩2", "a root and a power can be read in two ways", "write √(x^2) or (√x)^2"),
    ("√x⟨²⟩", "a root and a power can be read in two ways", "write √(x^2) or (√x)^2"),
    ("x²⟨^⟩3", "a power of a power can be read in two ways", "write (x²)^3 or x^(2^3)"),
    ("⟨√-⟩x", "a √ takes only what stands next to it", "write √(-x)"),
    ("2*⟨(⟩x + y", "this ( is never closed", "add the )"),
    ("a = ⟨(⟩x + y; b = 2", "this ( is never closed", "add the )"),
    ("a = ⟨(⟩x + y\nb = 2", "this ( is never closed", "add the )"),
    ("y + ⟨|⟩x", "this | is never closed", "add the |"),
    ("(⟨|⟩x)", "this | is never closed", "add the |"),
    ("x + y⟨)⟩", "this ) closes nothing", "drop it, or open a bracket before it"),
    ("(x⟨]⟩", "a ( is closed by this ]", "write )"),
    ("x*⟨()⟩", "there is nothing between these brackets", "write an expression there"),
    ("x ⟨+⟩", "this + has nothing on its right", "write an operand after it; a line goes on"),
    ("(x ⟨*⟩)", "this * has nothing on its right", "write an operand after it"),
    ("x + ⟨*⟩ y", "this * has nothing on its left but +", "write an operand before it, or drop it"),
    ("x+⟨+⟩y", "this + has nothing on its left but +", "write one +"),
    ("⟨²⟩x", "this ² has nothing on its left", "write an operand before it"),
    ("max(x⟨,⟩)", "there is no operand after this comma", "drop the comma"),
    ("max(⟨,⟩ x)", "this , has nothing on its left but (", "write an operand before it"),
    ("1⟨,⟩5*x", "a comma separates the operands of a function", "for a decimal number write 1.5"),
    ("1⟨,⟩000*x", "a comma separates", "for a thousand write 1000, for a decimal 1.000"),
    ("x*1⟨,⟩000,000", "a comma separates", "for a thousand write 1000000"),
    ("1⟨,⟩000.5x", "a comma separates", "for a thousand write 1000.5"),
    ("1⟨,⟩0000x", "a comma separates", "for a decimal number write 1.0000"),
    ("x⟨,⟩ y", "a comma separates the operands of a function", "statements are separated by ;"),
    ("x ⟨=⟩", "there is nothing after this =", "write an expression there"),
    ("a = b ⟨=⟩ 3", "this statement has two =", "write one statement for each name"),
    ("⟨3⟩ = x", "3 is a number and cannot be given a value", "a name stands before ="),
    ("x + y ⟨=⟩ 3", "only a name can stand before =", "write name = expression"),
    ("⟨=⟩ 3", "this = has no name on its left", "write name = expression"),
    ("a = sin(x); ⟨sin⟩ = 3", "sin is a function in line 1 and cannot name a gate in line 1", "choose another name"),
    ("y = ⟨x⟩*2\nx = 3", "x is used in line 1 and gets its value later, in line 2", "put the statement x = … first"),
    ("y = ⟨x⟩*2; x = 3", "x is used before it gets its value", "put the statement x = … first"),
    ("c = ⟨c⟩ + 1", "c is used in line 1 to make itself, before it has a value", "give the result another name"),
    ("x = 2; ⟨x = 3⟩; x*2", "x has a value already, from line 1", "keep one of the two"),
    ("⟨np.sin⟩", "np.sin is a function and needs its operand in brackets", "write np.sin(x)"),
    ("⟨torch.foo⟩(x, y)", "torch.foo is not a function that bpviz knows", "bpviz gates lists the functions"),
    ("⟨np.sinn⟩(x)", "np.sinn is not a function that bpviz knows", "did you mean sin"),
    ("2*⟨layer.w⟩", "layer.w means nothing here", "write layer_w, or layer*w for a product"),
    ("x ⟨.⟩ y", ". means nothing here", "for a product write x*y"),
    ("x ⟨==⟩ y", "this == compares two values", "write name = expression"),
    ("x ⟨<⟩ y", "this < compares two values, and nothing is chosen by it", "write where(x > 0, x, 0)"),
    ("x⟨!⟩", "! means nothing here", "factorials"),
    ("x ⟨%⟩ y", "% means nothing here", "x/100"),
    ("x ⟨&⟩ y", "& means nothing here", "logical"),
    ("⟨“⟩x” + y", "“ (left double quotation mark) means nothing here", "without quotes"),
    ("x + ⟨\x00⟩", "the character u+0000 means nothing here", ""),
    ("x + ⟨1.2.3⟩", "1.2.3 is not a number", "one decimal point"),
    ("x + ⟨1_000⟩", "1_000 is not a number", "write 1000"),
    ("⟨1e999⟩*x", "1e999 is too large", "1.8e308"),
    ("⟨" + "1" * 1001 + "⟩", "a number of 1,001 digits is too long", "17 digits"),
    (r"⟨\frac{⟩x", "this \\frac{ is never closed", "add the }"),
    (r"\frac{x⟨}⟩", "a group in braces is missing here", r"write \frac{a}{b}"),
    (r"⟨\sqrt ⟩+", "a group in braces is missing here", r"write \sqrt{x}"),
    (r"\alpha ⟨wxyz⟩", "wxyz can be read in two ways", r"write \mathrm{wxyz} for one name, or w x y z for"),
    (r"⟨\mathrm⟩ {x+y}", r"\mathrm has no name in braces after it", r"write \mathrm{relu}"),
    (r"⟨\fraq⟩{x}{y}", r"\fraq is not LaTeX that bpviz reads", r"did you mean \frac?"),
    (r"x + ⟨\cdots⟩", r"\cdots is not LaTeX that bpviz reads", "write out what you leave out"),
    (r"⟨\log_3()⟩", r"\log_3 takes one operand", r"write it as \log_3(x)"),
    (r"\log_3(x ⟨+⟩)", "this + has nothing on its right", "write an operand after it"),
    (r"\alpha w_⟨10⟩", "a subscript of several characters needs braces", "write _{10}"),
    (r"\alpha x^⟨10⟩", "an exponent of several digits needs braces", "write ^{10}"),
    (r"(\alpha)⟨_⟩1", "only a name has a subscript", "w_0"),
    (r"\alpha⟨_{+}⟩", "this is no part of a name", "write letters and digits"),
    (r"⟨\left⟩. x", r"\left has no bracket after it", r"write \left("),
    (r"⟨\left⟩]x\right]", r"\left has no bracket after it", r"write \left("),
    (r"⟨\sqrt[3]⟩.5", "a group in braces is missing here", r"write \sqrt{x}"),
    (r"\left(x⟨\right]⟩", r"a \left( is closed by this \right]", "write )"),
    (r"x + y⟨}⟩", "this } closes nothing", ""),
]


@pytest.mark.parametrize(("marked", "what", "hint"), SAID)
def test_a_mistake_is_named_shown_and_mended(marked, what, hint):
    start, end = marked.index("⟨"), marked.index("⟩") - 1
    source = marked.replace("⟨", "").replace("⟩", "")
    with pytest.raises(ProgramError) as caught:
        parse(source)
    assert caught.value.what.startswith(what)
    assert hint in caught.value.hint
    assert caught.value.hint
    assert caught.value.place is not None
    assert (caught.value.place.source, caught.value.place.start, caught.value.place.end) == (source, start, end)


@pytest.mark.parametrize(
    ("source", "what"),
    [("", "the program is empty"), (" \n ", "the program is empty"), ("# only\n", "the program is only comments")],
)
def test_an_empty_program_is_told_what_a_program_is(source, what):
    with pytest.raises(ProgramError, match=what):
        parse(source)


@pytest.mark.parametrize(
    "name", ["foo.txt", " my file.py ", "/tmp/foo.txt", "../a/foo.bpv", r"C:\a\foo.txt", "~/x.tex", "P.BP"]
)
def test_a_files_name_is_told_how_a_programs_ends(name):
    with pytest.raises(ProgramError) as caught:
        parse(name)
    assert caught.value.what == f"{name.strip()} looks like the name of a file"
    assert caught.value.hint.startswith("a program file ends in .bp")


def test_a_number_that_ends_in_a_point_is_no_files_name():
    assert parse("2.xy").gate_ids


def test_a_program_has_a_largest_size_that_can_be_raised():
    with pytest.raises(ProgramError, match="the program has 5 characters, more than 4"):
        parse("x + y", limit={"characters": 4})
    assert parse("x + y", limit={"characters": 5}).gate_ids


@pytest.mark.parametrize(
    ("source", "what", "at"),
    [
        ("x + ln(-1)", "ln(-1) has no value", "ln(-1)"),
        ("x*(1/0)", "1/0 has no value", "1/0"),
        ("9^9^9^9", "9^9^9 overflows", "9^9^9"),
        ("x + 1e308*10", "1e308*10 overflows", "1e308*10"),
        ("x + (-8)^(1/3)", "(-8)^(1/3) has no value", "(-8)^(1/3)"),
    ],
)
def test_a_constant_without_a_value_is_shown(source, what, at):
    with pytest.raises(EvaluationError) as caught:
        parse(source)
    assert caught.value.what == what
    assert caught.value.place is not None
    assert source[caught.value.place.start : caught.value.place.end] == at


def test_an_error_never_quotes_more_than_a_line_or_two():
    sources = (
        "a" * 100_000 + "(x)",
        "x" * 100_000 + " y",
        "(" * 100_000,
        "1." * 100_000,
        ". " + "a" * 100_000,
        "1," + "1" * 100_000,
        "x = 1;" * 10_000 + "x",
    )
    for source in sources:
        with pytest.raises(BpvizError) as caught:
            parse(source)
        assert len(str(caught.value)) < 500
