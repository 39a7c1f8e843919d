/// The long lists.
extension GrammarWords {
    /// Words that begin a sentence before a surname more often than they are anybody's given name.
    static let starters = """
        a about above according accordingly across added additionally after again against ago all \
        along already also although always am amid among an and another any anyway apart are around \
        as asked at back because before behind below besides between beyond both but by call can \
        certainly citing clearly consequently could critics dear despite did do does during each \
        earlier either enter especially even eventually ever every everyone except few finally first \
        following for formerly fortunately friends from further furthermore given had has have he \
        hence her here his how however i if in incidentally including indeed inside instead into is \
        it its just last lastly late later latest leaders let like likewise many maybe me meanwhile \
        meeting meetings moreover most mostly much my naturally near nearly neither never \
        nevertheless next no nobody none nonetheless nor not nothing now o obviously of off often oh \
        ok on once one only or other others our out outside over people perhaps photo please plus \
        president president's previously reportedly right said same second see seen several she \
        should since so some soon still such supporters surely talks than thanks that the their them \
        then there therefore these they third this those though through throughout thus to today \
        together tomorrow tonight too toward towards under unless unlike until up upon us very video \
        was watch we well were what whatever when whenever where whereas whether which while who \
        whom whose why will with within without would yes yesterday yet you your
        """

    /// Surnames that are also ordinary words, first names, or the names of very many: alone they say
    /// nothing, so they need an office, a country or the full name before them.
    static let weakSurnames = """
        abbas abbott abdullah ahmad ahmed akhund ali anand anwar arias arroyo ashton austin bach \
        bachelet ban banks barak barrow berger bishop black blair bolton bongo borne boyle brown \
        bush cannon carr carter castro champagne chan chang chen chi chinchilla cho choe chung clark \
        clarke clegg cleverly cohen conte cook cooper costa craig cruz dar davies davis dong downer \
        drew duarte duda edwards eide evans fahd faisal fernandez fernández fischer flynn ford fox \
        gallant gandhi gantz garcia garcía gates george gonzalez gonzález gordon gore graham green \
        gross gul gül hague haley hall hamad han harper harris hassan healey henry hill holder \
        holmes hong hoon howard hu hughes hun hunt hussein hwang ibrahim ivanov jackson james jiang \
        johnson jones joseph kan kang karim kelly kennedy kenny kern khalid khalifa khan kim king \
        kok kozlov lam lamy lasso lee leung levin lewis li liang lobo lopez lord lu lugo lópez ma \
        mahmoud major malik mansour marcos margaret marin martin martinez martínez mary mason masri \
        may meade medina men mesa michel miller mohamed mohammed moon moor moore moreno mori morin \
        morozov morris morrison muscat nathan nawaf noor novak novák obi odor omar ortega pak park \
        parker parks patel patil paul pavel payne pence pereira perez perry peter peters ping popov \
        popova pottering powell price pérez qin rama ramos rashid reagan reed reeves reid ri rice \
        richard roberts robertson robinson rodriguez rodríguez rogers roh rossi roy russell ryan \
        said salah salam saleem saleh salih salman samuel sanchez santos saud schmidt schulz scott \
        sessions shah sharif sharma simon singh sinha smith solomon song stewart store straw stroev \
        stuart sturgeon sultan sánchez taher talon tan tang taylor thomas thompson torres truss turk \
        turner tusk urban volkov wade walker wallace wang warner watson wei wen west white williams \
        wilson wong wood wright xi yang young yun yunus yusuf zayed zhang zhao zhu zhukov zia zimin
        """
}
